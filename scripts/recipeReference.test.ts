/** docs/recipes.md: its reference is what the schema says, and its examples are recipes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ReadRecipe, readRecipe } from '../src/lab/recipe/parse';
import { planRecipe } from '../src/lab/recipe/plan';
import { STAGE_SCHEMAS } from '../src/lab/recipe/schema';
import { MARK, withReference } from './recipeReference';

const page = readFileSync('docs/recipes.md', 'utf8');
const [written, made] = page.split(MARK);

describe('the reference', () => {
  test('is what the schema says; `npm run docs` writes it', () => {
    expect(page).toBe(withReference(page));
  });

  test('says something of every key', () => {
    const rows = made.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
  });

  test('has a section for every kind of stage, and for all that it links to', () => {
    const sections = [...made.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    for (const { shape } of STAGE_SCHEMAS) expect(sections).toContain(`\`${shape.kind.value}\``);
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) {
      expect([...sections, 'reference']).toContain(anchor);
    }
  });

  test('refuses a page that does not say where it begins', () => {
    expect(() => withReference('# Recipes')).toThrow(/has no line/);
  });
});

describe('every example is a recipe whose stages can follow each other', () => {
  const readme = readFileSync('README.md', 'utf8');
  const examples = [...`${written}${readme}`.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) =>
    JSON.parse(json),
  );
  const open = (example: unknown): ReadRecipe => readRecipe(example);

  test('there is one for each thing that is told', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
    const kinds = examples.flatMap(({ stages }) => stages.map(({ kind }: { kind: string }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['train', 'prune-fields', 'finetune', 'prune', 'quantise', 'check', 'sweep', 'rotate'],
        ...['adapt', 'project', 'continue'],
      ]),
    );
  });

  test.each(examples.map((example) => [example.name, example]))('%s', (_, example) => {
    const { recipe, converted } = open(example);
    expect(planRecipe(recipe).length).toBeGreaterThanOrEqual(example.stages.length);
    expect(converted !== null).toBe(example.version === 1);
  });

  test('the one of version 1 becomes what the table beside it says', () => {
    const { recipe } = open(examples.find(({ version }) => version === 1));
    expect(recipe.stages).toMatchObject([
      { kind: 'train' },
      { kind: 'prune', ratio: 0.5 },
      { kind: 'finetune' },
      { kind: 'quantise', from: 'train', range: 'batch' },
      { kind: 'check', part: 'test' },
    ]);
  });
});
