/** A transformer under the slider, as the page asks for it. */
import { beforeAll, expect, test } from 'vitest';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { Provenance } from '../../lab/recipe/provenance';
import { testPlatform } from '../../lab/testing/platform';
import { shakenModel, tinyDataset, tinySplits, tinyVit } from '../../lab/testing/tiny';
import type { JobEvent, Way } from '../protocol/protocol';
import { BlockSlider } from './blockSlider';
import type { Candidate } from './candidate';
import { createCurvesHandler } from './curves';
import { createExtractHandlers } from './extracting';

const dataset = tinyDataset(16);
const way: Way = { unit: 'mlp', ranking: 'network' };
const chosen = { method: 'variance', compensation: 'mean' } as const;
const stop = new AbortController().signal;

beforeAll(() => testPlatform().start('wasm'));

const candidate = {
  model: shakenModel(tinyVit()),
  dataset,
  splits: tinySplits(dataset),
  fingerprint: 'net',
} as unknown as Candidate;

/** Runs work to its end, with the sheets that it told. */
async function run<T>(work: AsyncGenerator<JobEvent, T, void>): Promise<{ result: T; sheets: Sheet[] }> {
  const sheets: Sheet[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done) return { result: step.value, sheets };
    if (step.value.type === 'sheet') sheets.push(step.value.sheet);
  }
}

const open = () => run(BlockSlider.open('main', candidate, { way, chosen, seed: 1, firstTiles: 4 }));

test('the chosen curve comes first, of few tiles and then of all, and the others one at a time', async () => {
  const { result: slider, sheets } = await open();
  const { val } = candidate.splits;
  expect(sheets.map(({ tiles }) => tiles)).toEqual([4, val.length]);
  expect(sheets.map(({ curves }) => curves.length)).toEqual([1, 1]);
  expect(sheets[1].curves[0]).toMatchObject(chosen);

  // Whoever asks for anything else does not wait: one curve is ended, and no other begun.
  let isWaited = false;
  const { curves } = createCurvesHandler(
    () => slider,
    () => isWaited,
  );
  const some = curves({ type: 'curves', id: 1, net: 'main', way, chosen }, stop);
  const seen: Sheet[] = [];
  for (let step = await some.next(); ; step = await some.next()) {
    if (step.done) {
      expect(step.value).toBe(false);
      break;
    }
    if (step.value.type === 'sheet') seen.push(step.value.sheet);
    isWaited = true;
  }
  expect(seen.map((sheet) => sheet.curves.length)).toEqual([2]);
  isWaited = false;
  const rest = await run(curves({ type: 'curves', id: 2, net: 'main', way, chosen }, stop));
  expect(rest.result).toBe(true);
  expect(rest.sheets.at(-1)!.curves.length).toBe(18);
  const again = await run(curves({ type: 'curves', id: 3, net: 'main', way, chosen }, stop));
  expect(again).toEqual({ result: true, sheets: [] });

  // Heads, each block by itself: a sheet of their own, though somebody waits; back again nothing is measured anew.
  isWaited = true;
  const heads = { unit: 'heads', ranking: 'block' } as const;
  const turned = await run(curves({ type: 'curves', id: 4, net: 'main', way: heads, chosen }, stop));
  expect(turned.sheets).toMatchObject([{ unit: 'heads', ranking: 'block' }]);
  const back = await run(curves({ type: 'curves', id: 5, net: 'main', way, chosen }, stop));
  expect(back.result).toBe(true);
  expect(back.sheets.map((sheet) => [sheet.unit, sheet.curves.length])).toEqual([['mlp', 18]]);
});

test('what is asked of hidden neurons behind convolutions is refused in words, and extracted it is', async () => {
  const { result: slider } = await open();
  const tellOrigin = () => ({}) as Provenance;
  const found = { slider, seed: 1, fingerprint: 'net', tellOrigin };
  const { extract, cascades, orbits } = createExtractHandlers(() => found);
  const removed = slider.sheet().stops.at(-1)!;
  const setting = { ...chosen, removed, scope: 'head' } as const;
  const { result } = await run(extract({ type: 'extract', id: 1, net: 'main', setting }, stop));
  expect(result.difference).toBeLessThan(1e-5);
  expect(result.bytes.extracted).toBeLessThan(result.bytes.masked);
  for (const work of [
    cascades({ type: 'cascades', id: 2, net: 'main', setting }, stop),
    orbits({ type: 'orbits', id: 3, net: 'main' }, stop),
  ])
    await expect(run(work as AsyncGenerator<JobEvent, unknown, void>)).rejects.toThrow(
      /no hidden neurons behind convolutions/,
    );
});
