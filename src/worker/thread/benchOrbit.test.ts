/** Which tile of the bench the orbit of a filter is shown on: what is said of it is so, whatever the network. */
import { beforeAll, expect, test } from 'vitest';
import { openStudy, type Study } from '../../lab/prune/neurons/study';
import { finish } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset, tinyModel, tinySplits } from '../../lab/testing/tiny';
import type { BenchOrbit } from '../protocol/results';
import { createOrbitHandler } from './benchOrbit';
import type { Kept } from './pruning';

const dataset = tinyDataset(20);
beforeAll(() => testPlatform().start('wasm'));

const studyOf = (seed: number, group: 'C1' | 'C4' = 'C4'): Promise<Study> =>
  finish(openStudy(tinyModel({ seed, group, head: 'pooled' }), dataset, tinySplits(dataset)));

const asking = (study: Study | null) => {
  const { benchOrbit } = createOrbitHandler(() => (study ? ({ study } as unknown as Kept) : undefined));
  return (at: { tile?: number; field?: number; torn?: number[] } = {}): Promise<BenchOrbit> => {
    const { tile = null, field = null, torn = [] } = at;
    const command = { type: 'benchOrbit', id: 1, net: 'main', tile, field, torn } as const;
    return finish(benchOrbit(command, new AbortController().signal) as never);
  };
};

test('the tile is answered rightly as it is, and flips with a torn petal where it is said to; asked for, it stays', async () => {
  const told: boolean[] = [];
  for (const seed of [1, 2, 3, 4]) {
    const study = await studyOf(seed);
    const ask = asking(study);
    const { orbit, tile, label, found, pixels } = await ask();
    expect(dataset.labels[study.tiles[tile]]).toBe(label);
    expect(pixels.length).toBe(8 * 8 * 3);
    expect(found!.looked).toBeLessThanOrEqual(study.tiles.length);
    const torn = await ask({ tile, torn: [0] });
    expect(torn).toMatchObject({ tile, found: null, orbit: { field: orbit.field, torn: [0] } });
    const said = torn.orbit.answers;
    expect(said.some(({ answer }) => answer !== said[0].answer)).toBe(found!.flips);
    if (found!.flips) expect([...orbit.answers, said[0]].every(({ answer }) => answer === label)).toBe(true);
    told.push(found!.flips);
    expect((await ask({ tile: 3, field: 1 })).orbit.field).toBe(1);
  }
  // Both happen among these networks, or this tests half of it.
  expect(told).toContain(true);
});

test('without an equivariant network there is nothing to show', async () => {
  await expect(asking(null)()).rejects.toThrow('open an equivariant one');
  await expect(asking(await studyOf(1, 'C1'))()).rejects.toThrow('open an equivariant one');
});
