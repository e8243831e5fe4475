import { expect, test } from 'vitest';
import type { FlowOfNetwork } from '../../lab/fluids/shown';
import type { TaskNetwork } from '../../worker/protocol/results';
import { DEFAULT_TASKS, wantedOf } from '../tasks/form';
import { type LiveNetwork, startingNetwork } from '../tasks/known';
import {
  changeWords,
  flowSentence,
  keptSentence,
  liveSentence,
  mindsSentence,
  movedSentence,
  tallySentence,
} from './tasks';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('how far a network is: unknown, fresh, begun, trained', () => {
  const epoch = { seconds: 2 } as TaskNetwork['trainings'][number]['history'][number];
  const network = (
    first: number,
    second: number,
    figures = false,
    problem: string | null = null,
  ): TaskNetwork => ({
    trainings: [
      { id: 'plain', epochs: 3, history: Array(first).fill(epoch) },
      { id: 'plain, fine-tuned', epochs: 2, history: Array(second).fill(epoch) },
    ],
    ...{
      problem,
      figures: figures ? { values: {}, curves: {} } : null,
      cost: { params: 1, macs: 1 },
      data: [],
      measures: [],
    },
  });
  expect(plain(keptSentence(undefined))).toBe('Looking whether it is kept …');
  expect(plain(keptSentence(network(0, 0)))).toBe('Not trained yet: 5 epochs, a minute or so.');
  expect(plain(keptSentence(network(3, 1)))).toBe(
    'Begun: it goes on after 4 of 5 epochs. Kept in this browser.',
  );
  expect(plain(keptSentence(network(3, 2, true)))).toBe(
    'Trained: 5 epochs in 10 s of work. Kept in this browser.',
  );
  // Of what led to it a file holds nothing, so no time is told.
  expect(plain(keptSentence(network(0, 2, true)))).toBe('Trained: opened from a file. Kept in this browser.');
  expect(plain(keptSentence(network(3, 2, true, 'No room.')))).toMatch(/A reload loses it: No room\.$/);
});

test('where a training is', () => {
  const live = startingNetwork(wantedOf(DEFAULT_TASKS, 'tuned'));
  const at = (changes: Partial<LiveNetwork>) => plain(liveSentence({ ...live, ...changes }));
  expect(at({})).toBe('Starting the engine …');
  expect(at({ what: null, training: 'plain' })).toBe('“plain” begins …');
  const batch = { what: null, training: 'plain', epoch: 2, epochs: 15, batch: 1, batches: 4 };
  expect(at({ ...batch, examplesPerSecond: 120.4 })).toBe('“plain”: epoch 2 of 15, 120 examples a second.');
  expect(at({ ...batch, status: 'stopping' })).toBe('Stopping; every finished epoch is kept.');
});

test('a flow: the solver alone, the beginning, a step; and whether the answer turned', () => {
  const network: FlowOfNetwork = {
    frames: new Float32Array(0),
    ...{ errors: [0.1, 0.25], divergences: [0.02, 0.03], minds: [0.07, 0.15] },
  };
  expect(plain(flowSentence(3, 0.2, null))).toMatch(/^Step 3, time 0.6: the solver alone/);
  expect(flowSentence(0, 0.2, network)).toMatch(/^The beginning/);
  expect(plain(flowSentence(2, 0.2, network))).toMatch(/off by 25.0 % .* divergence is 3.0 %/);
  const words = (turns: number, mirror: 'no' | 'yes', move: 'no' | 'yes') =>
    changeWords({ turns, mirror, move });
  expect([
    words(0, 'no', 'no'),
    words(1, 'no', 'no'),
    words(0, 'yes', 'yes'),
    words(3, 'yes', 'yes'),
  ]).toEqual(['', 'turned by 90°', 'mirrored and moved', 'mirrored, turned by 270° and moved']);
  expect(mindsSentence('', 2, network)).toMatch(/^Turn, mirror or move/);
  expect(plain(mindsSentence('mirrored', 0, network))).toMatch(/did not go with it: after one step .* 7.0 %/);
  expect(plain(mindsSentence('mirrored', 2, network))).toMatch(/did not go with it: after 2 steps .* 15.0 %/);
  const turning = { ...network, minds: [1e-8, 2e-7] };
  expect(mindsSentence('turned by 90°', 2, turning)).toMatch(
    /went with it: after 2 steps .* 2.0·10⁻⁷ .* rounding/,
  );
});

test('a scene: what is there, what was found, and whether boxes turned', () => {
  expect(plain(tallySentence(null, 0, 0.5))).toMatch(/^Nothing is there to be found\. Train/);
  expect(plain(tallySentence({ found: 1, missed: 1, wrong: 1 }, 2, 0.35))).toBe(
    '2 things to be found: 1 found, 1 box finds none, at a confidence of at least 35 % and an overlap of 50 %.',
  );
  expect(movedSentence(0, { upright: 1, turned: 1, apart: 0 })).toMatch(/^Turn the scene/);
  expect(movedSentence(1, { upright: 0, turned: 0, apart: 0 })).toMatch(/no box here/);
  expect(movedSentence(1, { upright: 1, turned: 1, apart: 0 })).toBe(
    'Turned by 90°: the box turned with the scene.',
  );
  expect(movedSentence(2, { upright: 3, turned: 3, apart: 0 })).toMatch(/all 3 boxes turned/);
  expect(plain(movedSentence(3, { upright: 2, turned: 1, apart: 1 }))).toMatch(
    /2 boxes .* 1 here, 1 has no partner/,
  );
});
