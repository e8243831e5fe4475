import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { rotationCheck } from '../../evaluate/rotation';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { shakenModel, tinyArch, tinyDataset, tinySplits } from '../../testing/tiny';
import { mindsOf, obliqueOf } from './minds';
import { openStudy } from './study';

const dataset = tinyDataset(20);
const splits = tinySplits(dataset);
const studyOf = (group: 'C4' | 'C1', val = splits.val) =>
  finish(openStudy(shakenModel(tinyArch({ group }), 3), dataset, { ...splits, val }));

describeOnBackends('two minds on the same tiles', () => {
  forbidLeaks();

  test('those shown are among those found: the one keeps its right answer, the other changes it', async () => {
    const [keeping, moving] = [await studyOf('C4', splits.train), await studyOf('C1', splits.train)];
    const { tiles, found, shown, size, channels } = await mindsOf(keeping, moving, 5);
    expect(tiles).toBe(splits.train.length);
    expect(shown.length).toBe(Math.min(5, found));
    for (const { label, kept, moved, pixels } of shown) {
      expect(kept).toEqual([label, label, label, label]);
      expect(moved[0]).toBe(label);
      expect(new Set(moved).size).toBeGreaterThan(1);
      expect(pixels.length).toBe(size * size * channels);
    }
    // Nobody keeps what it changes.
    expect((await mindsOf(moving, moving, 5)).found).toBe(0);
  });

  test('an angle is measured as everywhere', async () => {
    const study = await studyOf('C4');
    const { nets } = await finish(obliqueOf([study], 45));
    const { angles } = await finish(rotationCheck(study.model, dataset, splits.val, [45]));
    expect(nets[0].accuracy).toBe(angles[0].accuracy);
  });

  test('networks on other tiles are not held against each other', async () => {
    await expect(mindsOf(await studyOf('C4'), await studyOf('C1', splits.train), 5)).rejects.toThrow(
      BadInput,
    );
  });
});
