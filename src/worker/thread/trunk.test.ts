import { expect, test } from 'vitest';
import type { TrunkChoice } from '../../lab/prune/trunk/choice';
import { finish } from '../../lab/stage/events';
import { shakenModel, tinyModel, tinyVit } from '../../lab/testing/tiny';
import type { OnBench } from './slider';
import { createTrunkHandlers } from './trunk';

/** Nothing of these is run: what can be refused before is refused before. */
const opened = (group: 'C1' | 'C4') => ({
  slider: { study: { model: tinyModel({ group }) } } as OnBench['slider'],
  seed: 1,
  fingerprint: 'a',
  tellOrigin: () => {
    throw new RangeError('nothing is made');
  },
});
const stop = new AbortController().signal;
const channels: TrunkChoice = { units: 'channels', method: 'l2', ratio: 0.5, block: 1, seed: 1 };

test('a network that is not there, and one without a symmetry, are refused in words', async () => {
  for (const [found, why] of [
    [undefined, /Open a network/],
    [opened('C1'), /is plain: it has no symmetry/],
  ] as const) {
    const { rankTrunk, pruneTrunk } = createTrunkHandlers(() => found, 'page');
    const ranked = rankTrunk({ type: 'rankTrunk', id: 1, grain: 'weights' }, stop);
    await expect(finish(ranked as never)).rejects.toThrow(why);
    const pruned = pruneTrunk({ type: 'pruneTrunk', id: 1, choice: channels, tuning: null }, stop);
    await expect(finish(pruned as never)).rejects.toThrow(why);
  }
});

test('a transformer has no trunk, and is refused in words', async () => {
  const slider = { study: null, model: shakenModel(tinyVit('C4')) } as unknown as OnBench['slider'];
  const { rankTrunk } = createTrunkHandlers(() => ({ ...opened('C4'), slider }), 'page');
  const ranked = rankTrunk({ type: 'rankTrunk', id: 1, grain: 'weights' }, stop);
  await expect(finish(ranked as never)).rejects.toThrow(/no hidden neurons behind convolutions/);
});

test('silenced channels leave nothing to fine-tune', async () => {
  const { pruneTrunk } = createTrunkHandlers(() => opened('C4'), 'page');
  const tuning = { scope: 'head', steps: 1, distil: false } as const;
  const pruned = pruneTrunk({ type: 'pruneTrunk', id: 1, choice: channels, tuning }, stop);
  await expect(finish(pruned as never)).rejects.toThrow(/nothing to fine-tune: choose fields or orbits/);
});
