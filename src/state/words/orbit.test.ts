import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrbitAnswer, OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS, type GroupName } from '../../lab/symmetry/group';
import {
  answersWords,
  filterWords,
  isSteady,
  lackOfOrbit,
  lieWords,
  normWords,
  orbitSentence,
  pooledWords,
  tileWords,
} from './orbit';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const NAMES = ['Forest', 'River', 'Highway', 'Pasture'];

function orbitOf(
  group: GroupName,
  said: readonly number[],
  torn: readonly number[] = [],
  error = 2e-7,
): OrbitMaps {
  const { order } = GROUPS[group];
  const answers = said.map((answer): OrbitAnswer => ({ answer, probability: 0.8, undecided: false }));
  const seatErrors = new Float32Array(order * order).fill(error);
  return { group, torn, answers, seatErrors, error, norm: null } as unknown as OrbitMaps;
}

const sentence = (shown: OrbitMaps, element: number | null, whole = orbitOf(shown.group, [2, 2, 2, 2])) =>
  plain(orbitSentence({ whole, shown, element, classes: NAMES }));

test('each state says what is to be seen in it', () => {
  const steady = orbitOf('C4', [2, 2, 2, 2]);
  expect(sentence(steady, 0)).toContain('looking in 4 directions');
  expect(sentence(steady, 1)).toMatch(/exactly \(2\.0·10⁻⁷ apart\).+the answer the same: Highway/);
  expect(sentence(orbitOf('D1', [2, 2]), 1)).toMatch(
    /^The maps were mirrored with the tile.+the same map, mirrored/,
  );
  expect(sentence(steady, null)).toContain('no such turn');
  expect(sentence(orbitOf('C4', [2, 1, 2, 1]), 1)).toContain(
    'Highway upright and at 180°; River at 90° and at 270°',
  );
  expect(sentence(orbitOf('C4', [2, 2, 2, 2], [], 0.3), 1)).toContain('differ by 0.30');
});

test('a torn petal: its answer flips, or holds; and the whole field gone breaks nothing', () => {
  const flips = orbitOf('C4', [2, 1, 2, 1], [0], 0.9);
  expect(sentence(flips, 0)).toMatch(/^Petal 1 is torn off.+still says Highway. Now turn the tile\.$/);
  expect(sentence(flips, 1)).toMatch(/does not turn with the tile\. So the answer flips: Highway upright/);
  expect(sentence(orbitOf('C4', [2, 2, 2, 2], [1, 2], 0.9), 1)).toMatch(
    /^Petals 2 and 3 are .+ holds \(with 80 %\)/,
  );
  const gone = orbitOf('C4', [3, 3, 3, 3], [0, 1, 2, 3]);
  expect(sentence(gone, 2)).toContain('nothing is broken by it: the same answer, Pasture');
});

test('whatever the answers are, each turn is named with its own, and once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('C2', 'C4', 'D1', 'D4'),
      fc.array(fc.nat({ max: 3 }), { minLength: 8, maxLength: 8 }),
      (group, drawn) => {
        const said = drawn.slice(0, GROUPS[group].order);
        const shown = orbitOf(group, said);
        expect(isSteady(shown)).toBe(new Set(said).size === 1);
        const parts = answersWords({ shown, classes: NAMES }).split('; ');
        expect(parts.length).toBe(new Set(said).size);
        const lies = said.map((_, k) => lieWords(group, k));
        expect(new Set(lies).size).toBe(lies.length);
        for (const part of parts) {
          const answer = NAMES.findIndex((name) => part.startsWith(name));
          expect(said.filter((each) => each === answer).length).toBe(part.split(/, | and /).length);
        }
      },
    ),
  );
});

test('filters, norm, tiles and networks without an orbit', () => {
  expect(filterWords('D4', 0)).toBe('Filter 1, as it was learned');
  expect(filterWords('D4', 5)).toBe('Filter 6, mirrored and turned by 90°');
  const maps = { ...orbitOf('C4', [0, 0, 0, 0]), norm: { scale: 1.924, shift: -0.306 } };
  expect(normWords(maps)).toBe('× 1.9 − 0.31, one for all 4');
  expect(plain(tileWords({ label: 1, found: { looked: 7, flips: true } }, NAMES))).toBe(
    'A validation tile; its true class is River. Found by looking: the first of 7 tiles whose answer flips once a petal is torn off.',
  );
  expect(pooledWords({ group: 'D4', pooledErrors: Float32Array.of(0, 0, 0, 0, 1e-7, 0.5) }, 4)).toContain(
    'only mirrored (1.0',
  );
  expect(pooledWords({ group: 'D4', pooledErrors: Float32Array.of(0, 0.5) }, 1)).toContain('no longer');
  expect(tileWords({ label: 1, found: { looked: 64, flips: false } }, NAMES)).toContain('none flips');
  expect(lackOfOrbit({ title: 'Plain CNN', group: 'C1' })).toContain('is a plain network');
  expect(lackOfOrbit({ title: 'ViT', group: 'C4' })).toContain('is a transformer');
});
