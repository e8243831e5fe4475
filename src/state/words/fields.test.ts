import { expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { keptOrbits, orbitsOf, withOrbits } from '../../lab/prune/orbits/choice';
import type { TrunkPlan } from '../../lab/prune/trunk/choice';
import { removedUnits } from '../../lab/prune/units/units';
import { figures, point } from '../../storage/testing/trunkPoints';
import { tradesOf } from '../fields/tradeOff';
import {
  breakageOf,
  brokenFields,
  layerName,
  measuredSentence,
  meterSentence,
  planSentence,
  pointWords,
  speedWords,
  tradeSentence,
  whySentences,
} from './fields';

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

const nothing = (blocks: number) => Array.from({ length: blocks }, () => new Uint32Array());

test('a plan says what goes and what that saves', () => {
  const arch = namedArch('c4-grid');
  const none = nothing(2);
  const after = { ...arch, blocks: arch.blocks.map((block) => ({ ...block, fields: block.fields / 2 })) };
  const fields: TrunkPlan = {
    arch: after,
    fields: [Uint32Array.of(0, 1, 2, 3), Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7)],
    channels: none,
    orbits: none,
  };
  const choice = {
    units: 'fields',
    method: 'l2',
    compensation: 'none',
    target: { ratio: 0.5 },
    seed: 1,
  } as const;
  expect(plain(planSentence(arch, fields, choice))).toMatch(
    /^12 of 24 fields go \(48 of 96 channels\)\. Parameters [\d,]+ ⇒ [\d,]+ \(−\d+ %\), multiply-adds .+ \(−\d+ %\)\.$/,
  );
  const wide = { ...arch, blocks: arch.blocks.map((block) => ({ ...block, kernel: 5 as const })) };
  const kept = keptOrbits(wide, { block: 2, target: 'ring' }, () => []);
  const gone = removedUnits(kept, orbitsOf(wide, 2).length);
  const ring = {
    ...fields,
    arch: withOrbits(wide, 2, kept),
    fields: none,
    orbits: [new Uint32Array(), gone],
  };
  expect(plain(planSentence(wide, ring, { units: 'orbits', block: 2, target: 'ring' }))).toMatch(
    /^4 of 7 orbits of layer 2’s positions go: its kernel becomes 3×3 instead of 5×5\./,
  );
  const few = Uint32Array.from({ length: 6 }, (_, i) => i);
  const one = { ...ring, arch: withOrbits(wide, 2, few), orbits: [new Uint32Array(), Uint32Array.of(6)] };
  const target = { ratio: 0.1, method: 'l2', seed: 1 } as const;
  expect(plain(planSentence(wide, one, { units: 'orbits', block: 2, target }))).toMatch(
    /^1 of 7 orbits of layer 2’s positions goes: its kernel stays 5×5, so it executes as many/,
  );
  const channels = {
    ...fields,
    arch,
    fields: none,
    channels: [Uint32Array.of(0, 1, 2, 3, 4), new Uint32Array()],
  };
  expect(
    plain(planSentence(arch, channels, { units: 'channels', method: 'l2', ratio: 0.1, block: 1, seed: 1 })),
  ).toMatch(/^5 of layer 1’s 32 channels .*; 1 field loses some but not all of its 4 orientations\./);
  expect(brokenFields([0, 1, 2, 3, 4, 9], 4)).toBe(2);
});

test('what was measured is said as it was', () => {
  const same = point();
  expect(plain(measuredSentence(same.result))).toBe(
    'Validation accuracy stays 90.0 %; every decided tile gets the same answer at all four turns; 2.0 times as fast here.',
  );
  const worse = point({ turned: [0.6, 0.5, 0.5, 0.5], agreement: 0.75, changed: 45, undecided: 20 });
  expect(plain(measuredSentence({ ...worse.result, latency: null }))).toBe(
    'Validation accuracy goes from 90.0 % to 60.0 %, down 30.0 points; 45 of 180 decided tiles change their answer with the turn (agreement 75.0 %).',
  );
  expect(plain(measuredSentence(point({ undecided: 200 }).result))).toContain('no tile is decided');
  expect(speedWords({ before: 1, after: 1.02 })).toBe('as fast here as before');
  expect(plain(speedWords({ before: 1, after: 1.2 }))).toBe('slower here, by 20 %');
});

test('the meter has a word for every size of an error, and names the first layer that breaks', () => {
  expect([0, 3e-7, 1e-4, 0.4].map(breakageOf)).toEqual(['rounding', 'rounding', 'slight', 'broken']);
  const errors = [
    { layer: 'block1', max: 2e-7 },
    { layer: 'block2', max: 0.5 },
    { layer: 'logits', max: 0.2 },
  ];
  const broken = { before: figures(), after: figures({ errors }) };
  expect(plain(meterSentence(broken))).toBe(
    'The largest equivariance error went from 3.0·10⁻⁷ to 0.50; it begins at layer 2.',
  );
  expect(meterSentence({ before: figures(), after: figures() })).toMatch(/rounding/);
  expect(['block7', 'hidden', 'logits', 'else'].map(layerName)).toEqual([
    'layer 7',
    'the hidden layer',
    'the logits',
    'else',
  ]);
});

test('why channels break the symmetry, or why just these did not', () => {
  const errors = [{ layer: 'logits', max: 0.7 }];
  const naive = { removed: 6, brokenFields: 3, fields: figures({ params: 500 }) };
  const { result } = point({ errors, changed: 61, turned: [0.7, 0.6, 0.6, 0.6] });
  const choice = { units: 'channels', method: 'random', ratio: 0.5, block: 2, seed: 1 } as const;
  const [why, instead] = whySentences({ ...result, naive }, choice, 4).map(plain);
  expect(why).toMatch(
    /one of the 4 turned copies of one filter.*in 3 of layer 2’s fields.*3\.0·10⁻⁷ to 0\.70 and 61 of 200 tiles/,
  );
  expect(instead).toMatch(
    /3\.0·10⁻⁷, and 0 of 200 tiles change their answer; accuracy is 90\.0 % against 70\.0 %/,
  );
  const whole = whySentences({ ...point().result, naive: { ...naive, brokenFields: 0 } }, choice, 4);
  expect(whole[0]).toMatch(/make up whole fields/);
});

test('a point in few words', () => {
  expect(plain(pointWords(point()))).toBe('50 % of the fields');
  const tuned = point(
    {},
    {
      choice: {
        units: 'fields',
        method: 'l2',
        compensation: 'norms',
        target: { budget: { of: 'latency', share: 0.25 } },
        blocks: [1, 3],
        seed: 1,
      },
      tuning: { scope: 'network', steps: 3, distil: true },
    },
  );
  expect(plain(pointWords(tuned))).toBe(
    '75 % of the time in layer 1 and 3, norms, all tuned in 3 steps, distilled',
  );
  const ended = { baseline: 0.9, start: 0.5, accuracy: 0.8, epochs: [], rounds: [], stop: 'stopped' };
  const stopped = (own: { stoppedIn?: number }) =>
    plain(pointWords({ ...tuned, result: { ...tuned.result, tuned: { ...ended, ...own } } }));
  expect(stopped({})).toMatch(/distilled, stopped$/);
  expect(stopped({ stoppedIn: 2 })).toMatch(/distilled, stopped in step 2 of 3$/);
});

test('the chart names the cheapest setting that loses little, or says that there is none', () => {
  const trades = tradesOf([point({ params: 430, turned: [0.885, 0, 0, 0] })], 'one');
  expect(plain(tradeSentence(trades, 'params', 0.9, 0.02))).toBe(
    '1 setting measured; within 2 points of the 90.0 % of the network before pruning the cheapest has 43 % of the parameters: without 50 % of the fields, 88.5 %.',
  );
  expect(plain(tradeSentence(trades, 'params', 0.95, 0.02))).toBe(
    '1 setting measured, none of them within 2 points of the 95.0 % of the network before pruning.',
  );
});
