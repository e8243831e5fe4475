/** A transformer under the slider, as the page asks for it. */
import 'fake-indexeddb/auto';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { Provenance } from '../../lab/recipe/provenance';
import { testPlatform } from '../../lab/testing/platform';
import { shakenModel, TINY_IMPORTED, tinyDataset, tinySplits, tinyVit } from '../../lab/testing/tiny';
import type { Way } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import type { Candidate } from './candidate';
import { createCurvesHandler } from './curves';
import { WASM } from './earlier';
import { EarlierStops } from './earlierStops';
import { createExtractHandlers } from './extracting';
import { StopSlider } from './stopSlider';

const dataset = tinyDataset(16);
const way: Way = { unit: 'mlp', ranking: 'network' };
const chosen = { method: 'variance', compensation: 'mean' } as const;
const stop = new AbortController().signal;

beforeAll(() => testPlatform().start('wasm'));

const candidate = {
  model: shakenModel(tinyVit()),
  dataset,
  splits: tinySplits(dataset),
  tiles: 'tiny',
  fingerprint: 'net',
} as unknown as Candidate;

/** Runs work to its end, with the sheets that it told, and says whether any network was run for them. */
async function watch<T>(work: AsyncGenerator<JobEvent, T, void>) {
  const sheets: Sheet[] = [];
  let hasRun = false;
  for (;;) {
    const step = await work.next();
    if (step.done) return { result: step.value, sheets, hasRun };
    if (step.value.type === 'sheet') sheets.push(step.value.sheet);
    else hasRun = true;
  }
}

async function run<T>(work: AsyncGenerator<JobEvent, T, void>): Promise<{ result: T; sheets: Sheet[] }> {
  const { result, sheets } = await watch(work);
  return { result, sheets };
}

/** `code`: null: nothing is kept. */
const opening = (code: string | null, seed = 1) =>
  StopSlider.open(
    'main',
    candidate,
    { way, chosen, seed, firstTiles: 4 },
    new EarlierStops(candidate, WASM, code, seed),
  );
const open = () => run(opening(null));

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

test('the next visit has every curve that was measured without running the network, and goes on with the others', async () => {
  const curvesOf = (slider: StopSlider, isWaited: () => boolean) =>
    createCurvesHandler(() => slider, isWaited).curves;
  const heads = { unit: 'heads', ranking: 'block' } as const;
  const first = await watch(opening('1'));
  expect(first.hasRun).toBe(true);
  // One more curve, and then somebody waits; of heads the first alone.
  let isWaited = false;
  const some = curvesOf(first.result, () => isWaited)(
    { type: 'curves', id: 1, net: 'main', way, chosen },
    stop,
  );
  for (let step = await some.next(); !step.done; step = await some.next())
    isWaited ||= (step.value as JobEvent).type === 'sheet';
  const ofHeads = await watch(
    curvesOf(first.result, () => true)({ type: 'curves', id: 2, net: 'main', way: heads, chosen }, stop),
  );
  const earlier = new EarlierStops(candidate, WASM, '1', 1);
  await vi.waitFor(async () => expect((await earlier.sheet(heads))?.curves).toHaveLength(1));

  const second = await watch(opening('1'));
  expect(second.hasRun).toBe(false);
  expect(second.sheets.map((sheet) => sheet.curves.length)).toEqual([2]);
  expect(second.sheets[0].curves[0]).toEqual(first.sheets.at(-1)!.curves[0]);
  expect({ ...second.sheets[0], curves: [] }).toEqual({ ...first.sheets.at(-1)!, curves: [] });
  const again = await watch(
    curvesOf(second.result, () => true)({ type: 'curves', id: 3, net: 'main', way: heads, chosen }, stop),
  );
  expect(again.hasRun).toBe(false);
  expect(again.sheets).toEqual(ofHeads.sheets);
  const setting = { ...chosen, removed: second.result.sheet().stops.at(-1)!, scope: 'head' } as const;
  const { result: fresh } = await open();
  const pruned = async (slider: StopSlider) => (await run(slider.prune(setting) as never)).result;
  await second.result.turnTo(way).next();
  expect(await pruned(second.result)).toEqual(await pruned(fresh));
  const rest = await run(
    curvesOf(second.result, () => false)({ type: 'curves', id: 4, net: 'main', way, chosen }, stop),
  );
  expect(rest.sheets.map((sheet) => sheet.curves.length)).toEqual(
    Array.from({ length: 16 }, (_, i) => i + 3),
  );

  // Another seed, another version: nothing is taken.
  expect((await watch(opening('2'))).hasRun).toBe(true);
  const seeded = await watch(opening('1', 2));
  expect(seeded.hasRun).toBe(true);
  expect(seeded.sheets[0].curves).toHaveLength(1);
});

test('of a network from elsewhere filters go, whatever way a link names, and what it cannot have becomes what it can', async () => {
  const elsewhere = { ...candidate, model: shakenModel(TINY_IMPORTED) } as unknown as Candidate;
  const asked = { method: 'l1', compensation: 'ridge' } as const;
  const { result: slider, sheets } = await run(
    StopSlider.open(
      'main',
      elsewhere,
      { way, chosen: asked, seed: 1, firstTiles: 4 },
      new EarlierStops(elsewhere, WASM, 'filters', 1),
    ),
  );
  expect(sheets.at(-1)).toMatchObject({ unit: 'filter', ranking: 'block' });
  expect(sheets.at(-1)!.curves).toMatchObject([{ method: 'l1', compensation: 'none' }]);
  const { curves } = createCurvesHandler(
    () => slider,
    () => false,
  );
  const rest = await run(curves({ type: 'curves', id: 1, net: 'main', way, chosen: asked }, stop));
  expect(rest.sheets.at(-1)!.curves).toHaveLength(12);

  // The next visit runs nothing.
  const earlier = new EarlierStops(elsewhere, WASM, 'filters', 1);
  await vi.waitFor(async () => expect((await earlier.sheet(way))?.curves).toHaveLength(12));
  const second = await watch(
    StopSlider.open('main', elsewhere, { way, chosen: asked, seed: 1, firstTiles: 4 }, earlier),
  );
  expect(second.hasRun).toBe(false);
  expect(second.sheets.at(-1)!.curves).toHaveLength(12);
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
