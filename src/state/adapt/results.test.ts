import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PENALTIES } from '../../lab/adapt/penalties';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { checkRecipe } from '../../lab/recipe/schema';
import { stageOf, testOf, WAYS, type Way, waysOf } from '../../lab/recipe/ways';
import type { StageRecord } from '../../lab/stage/store';
import { agreementSentence, costSentence, projectionSentence, winnerSentence } from '../words/adapting';
import { resultsOf } from './results';
import { lambdaPlaces, sweepPoints } from './sweep';

const plainText = (text: string) => text.replaceAll(/\s/g, ' ');
const settings = { epochs: 2, batch: 8, learningRate: 0.01, decay: 'linear', weightDecay: 0 } as const;
const LAMBDAS = [0, 0.1];
const FOLDS = 2;

const recipeOf = (
  ways: readonly Way[],
  penalty: (typeof PENALTY_IDS)[number] = 'logits',
  further: number[] = [],
) =>
  checkRecipe({
    version: 2,
    name: 'x',
    arch: { id: 'c4-twin-small' },
    start: [{ name: 'network', fingerprint: '0'.repeat(32) }],
    stages: waysOf(
      {
        group: 'C4',
        lambda: { values: LAMBDAS, folds: FOLDS, by: 'upright' },
        penalty,
        settings,
        ways,
        further,
      },
      'network',
    ),
  });

const cost = { params: 100, macs: 1000, bytes: 400, seconds: 3 };
const epochs = [1, 2].map((epoch) => ({ epoch }));

/** What a way's stages would leave: `right` of every test tile. */
function recordsOf(way: Way, right: readonly number[], seed?: number, own: object = {}): StageRecord[] {
  const name = stageOf(way, seed);
  const shareAt = (bit: number) => right.filter((bits) => bits & bit).length / right.length;
  const turned = [1, 2, 4, 8].map(shareAt);
  const changed = right.filter((bits) => bits !== 0 && bits !== 15).length;
  return [
    {
      ...{ name, kind: way, accuracy: 0.5, ...cost, tiles: 20, epochs },
      ...(way === 'adapted' && { lambda: 0.1, penalty: 'logits' }),
      ...(way !== 'by construction' && { discrepancies: { logits: 0.25, features: null, weights: 2 } }),
      ...own,
    },
    {
      ...{ name: testOf(name), kind: 'check', accuracy: turned[0], ...cost, right: [...right] },
      angles: turned.map((accuracy, i) => ({ degrees: 90 * i, accuracy })),
      ...{ agreement: 1 - changed / right.length, changed, undecided: 0 },
      equivarianceError: [{ layer: 'logits', max: 0.5 }],
    },
  ];
}

const tiles = { train: 20, val: 10, test: 40 };
const many = (bits: number, times: number): number[] => Array<number>(times).fill(bits);

test('a way is told once it is made and tested, over the seeds that are', () => {
  const recipe = recipeOf(['adapted', 'fine-tuned'], 'logits', [2]);
  const [one, two] = [many(15, 40), [...many(15, 20), ...many(0, 20)]];
  const first = recordsOf('adapted', one);
  expect(resultsOf({ recipe, tiles, records: first.slice(0, 1) })).toEqual([]);
  const [adapted, ...others] = resultsOf({
    recipe,
    tiles,
    records: [...first, ...recordsOf('adapted', two, 2, { lambda: 1 })],
  });
  expect(others).toEqual([]);
  expect(adapted).toMatchObject({
    way: 'adapted',
    stages: ['adapted', 'adapted, seed 2'],
    lambdas: [0.1, 1],
    accuracy: { mean: 0.75, sd: Math.SQRT1_2 / 2 },
    agreement: { mean: 1, sd: 0 },
    penalty: { mean: 0.25, sd: 0 },
    error: 0.5,
  });
});

test('what a way cost: two passes of each tile where R turns copies, and the folds apart', () => {
  for (const penalty of PENALTY_IDS) {
    const recipe = recipeOf(['adapted', 'fine-tuned', 'by construction'], penalty);
    const names = LAMBDAS.flatMap((lambda) =>
      [1, 2].map((fold) => `adapt ${lambda === 0 ? 'plain' : `${penalty} C4 ${lambda}`} fold ${fold}`),
    );
    const folds = names.map((name, i): StageRecord => {
      const lambda = LAMBDAS[Math.floor(i / FOLDS)];
      return { ...{ name, kind: 'adapt-fold', accuracy: 1, ...cost }, tiles: 10, lambda, epochs };
    });
    const right = many(15, 40);
    const found = resultsOf({
      recipe,
      tiles,
      records: [
        ...folds,
        ...recordsOf('adapted', right, undefined, { penalty }),
        ...recordsOf('fine-tuned', right, undefined, { lambda: 0, penalty }),
        ...recordsOf('by construction', right, undefined, { tiles: undefined }),
      ],
    });
    // 20 tiles in batches of 8 are 3 steps an epoch, 10 tiles are 2.
    const passes = PENALTIES[penalty].turnsTiles ? 2 : 1;
    expect(
      found.map((each) => [each.cost.steps, each.cost.passes, each.choosing?.steps ?? 0]),
      penalty,
    ).toEqual([
      [6, 40 * passes, 16],
      [6, 40, 0],
      [6, 40, 0],
    ]);
    expect(found[0].choosing).toEqual({ steps: 16, passes: 40 + 40 * passes, seconds: 12 });
    expect(plainText(costSentence(found))).toBe(
      `Adapting took 6 steps, ${40 * passes} passes of a tile and 3.0 s, ${passes === 2 ? '2 times as many' : 'as many'} passes as plain fine-tuning. ` +
        `Choosing its λ took 16 steps, ${40 + 40 * passes} passes of a tile and 12.0 s more.`,
    );
  }
});

const resultsWith = (rights: Partial<Record<Way, readonly number[]>>) =>
  resultsOf({
    recipe: recipeOf(WAYS),
    tiles,
    records: WAYS.flatMap((way) => (rights[way] ? recordsOf(way, rights[way]) : [])),
  });

test('who wins is told by the rule of the reports, upright and turned apart', () => {
  const results = resultsWith({
    adapted: [...many(15, 30), ...many(0, 10)],
    'fine-tuned': [...many(1, 30), ...many(0, 10)],
    augmented: many(0, 40),
  });
  expect(plainText(winnerSentence(results, 'upright'))).toBe(
    'Upright, nobody wins: “Adapted” (75.0 %) is no more than chance away from “Plainly fine-tuned” (75.0 %); below it is “Fine-tuned on turned tiles” (0.0 %).',
  );
  expect(plainText(winnerSentence(results, 'turned'))).toBe(
    'Turned, “Adapted” (75.0 %) is above “Plainly fine-tuned” (18.8 %) and “Fine-tuned on turned tiles” (0.0 %) by more than chance.',
  );
  expect(plainText(agreementSentence(results))).toBe(
    'The same answer at all four turns on every decided tile: “Adapted”, “Fine-tuned on turned tiles”; “Plainly fine-tuned” on 25.0 %.',
  );
});

test('why a projection cost much is said, and only then', () => {
  const said = (adapted: number, projected: number) =>
    plainText(
      projectionSentence(
        resultsWith({
          adapted: [...many(15, adapted), ...many(0, 40 - adapted)],
          projected: [...many(15, projected), ...many(0, 40 - projected)],
        }),
      ),
    );
  expect(said(30, 10)).toMatch(/^The projection cost 50\.0 points, for the weights were still far/);
  expect([said(30, 27), said(10, 30)]).toEqual(['', '']);
  expect(projectionSentence(resultsWith({ adapted: many(15, 40) }))).toBe('');
});

test('alone nobody wins, and a few tiles are no more than chance', () => {
  expect(winnerSentence(resultsWith({ adapted: many(15, 40) }), 'upright')).toBe('');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), (more) => {
      const results = resultsWith({
        adapted: [...many(15, 20 + more), ...many(0, 20 - more)],
        'fine-tuned': [...many(15, 20), ...many(0, 20)],
      });
      expect(winnerSentence(results, 'upright')).toMatch(
        /^Upright, nobody wins: .* are no more than chance apart\.$/,
      );
    }),
    { numRuns: 4 },
  );
});

test('every λ over its folds, in rising order; of records that did not measure an error there is none', () => {
  const fold = (lambda: number, accuracy: number, own: object = {}): StageRecord => ({
    ...{ name: `${lambda} ${accuracy}`, kind: 'adapt-fold', lambda, accuracy, ...cost },
    ...{ moved: { accuracy: accuracy / 2, agreement: 1 }, penalty: 'weights', error: 0.5 },
    ...{ discrepancies: { logits: 1, features: null, weights: 3 }, ...own },
  });
  const points = sweepPoints([
    fold(1, 0.5),
    fold(1, 0.7, { error: undefined }),
    fold(0, 0.5, { discrepancies: { logits: 1, features: null, weights: null } }),
    { name: 'adapted', kind: 'adapt', accuracy: 1, ...cost },
  ]);
  expect(points.map(({ lambda, folds }) => [lambda, folds])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(points[1].accuracy.mean).toBeCloseTo(0.6);
  expect(points[1].moved.mean).toBeCloseTo(0.3);
  expect(points.map(({ error, penalty }) => [error?.mean ?? null, penalty?.mean ?? null])).toEqual([
    [0.5, null],
    [null, 3],
  ]);
});

test('λ = 0 has a place of its own beside powers of ten', () => {
  expect(lambdaPlaces([0, 0.01, 0.1, 10])).toEqual([
    { lambda: 0, at: -3 },
    { lambda: 0.01, at: -2 },
    { lambda: 0.1, at: -1 },
    { lambda: 10, at: 1 },
  ]);
  expect(lambdaPlaces([0])).toEqual([{ lambda: 0, at: 0 }]);
});
