import { expect, test } from 'vitest';
import { shakenModel, tinyVit } from '../../lab/testing/tiny';
import { DEFAULT_PIPELINE, type PipelinePlan, pipelineFor, recipeOfPipeline } from '../pipeline/pipeline';
import { emptyNote, emptySteps } from './emptyPipeline';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const form = (plan: PipelinePlan) => ({ plan, begin: null, opened: null });
const says = (given: Parameters<typeof emptySteps>[0]) =>
  plain([...emptySteps(given), emptyNote(given)].join(' '));

test('the paper’s network is told of where it is chosen, and nowhere else', () => {
  const paper = says(form(DEFAULT_PIPELINE));
  expect(paper).toMatch(/a smaller one learns from it.*50 % of its hidden neurons go.*two minutes/);
  const transformer = says(form(pipelineFor('c4-vit-small')));
  expect(transformer).toContain('50 % of its hidden neurons of the MLPs go');
  for (const other of [
    transformer,
    says(form(pipelineFor('c4'))),
    says(form({ ...DEFAULT_PIPELINE, epochs: 200 })),
  ])
    expect(other).not.toMatch(/two minutes|the paper’s/);
  expect(transformer).not.toContain('a smaller one');
  expect(says(form({ ...pipelineFor('vit-small'), units: 'heads', ratio: 0.25 }))).toContain(
    '25 % of its heads of attention go',
  );
});

test('a network at hand is gone on from, and a recipe from a file is what runs', () => {
  const model = shakenModel(tinyVit());
  const given = { fingerprint: 'f', model };
  const begin = { name: 'mine', given, split: null };
  const kept = says({ plan: { ...DEFAULT_PIPELINE, ratio: 0 }, begin, opened: null });
  expect(kept).toMatch(/it goes on from “mine”\. It is rounded to integers\./);
  expect(kept).not.toContain('two minutes');
  const opened = { file: 'mine.json', recipe: recipeOfPipeline(DEFAULT_PIPELINE) };
  expect(says({ plan: DEFAULT_PIPELINE, begin: null, opened })).toMatch(/the stages of mine\.json run/);
});
