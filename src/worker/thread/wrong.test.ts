/** What the worker says of where a network is wrong: the figures of its own answers, on the bench and of a run; and why not. */
import 'fake-indexeddb/auto';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Splits } from '../../lab/data/dataset';
import { pixelsOf } from '../../lab/data/tiles';
import { classReport } from '../../lab/evaluate/report/classReport';
import { reportOf } from '../../lab/evaluate/report/measure';
import { logitsAt, QUARTERS } from '../../lab/evaluate/rotation';
import type { Pictures } from '../../lab/prune/neurons/portraits';
import { prune } from '../../lab/prune/neurons/prune';
import { openStudy, type Study } from '../../lab/prune/neurons/study';
import * as tf from '../../lab/runtime/tf';
import { finish, type LabEvent } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { shakenModel, tinyArch, tinyDataset, tinyModel, tinySplits } from '../../lab/testing/tiny';
import type { Reported, ReportPart, Setting } from '../protocol/choices';
import type { PartReport } from '../protocol/results';
import { figuresOf } from './figures';
import type { Kept } from './pruning';
import { createWrongHandlers } from './wrong';

const dataset = tinyDataset(20);
const splits = tinySplits(dataset);
const WHOLE: Reported = { kind: 'whole', net: 'main' };
let study: Study;
beforeAll(async () => {
  await testPlatform().start('wasm');
  study = await finish(openStudy(tinyModel({ seed: 1 }), dataset, splits));
});

const asking = (kept: object | null, paint: Parameters<typeof createWrongHandlers>[1] = () => undefined) => {
  const handlers = createWrongHandlers(
    () => (kept ? ({ seed: 1, ...kept } as unknown as Kept) : undefined),
    paint,
  );
  const { signal } = new AbortController();
  return {
    report: (of: Reported, part: ReportPart, onEvent: (event: LabEvent) => void = () => {}) =>
      finish(
        handlers.report({ type: 'report', id: 1, of, part }, signal) as never,
        onEvent,
      ) as Promise<PartReport>,
    pictures: (of: Reported, part: ReportPart, rows: number[]) =>
      finish(
        handlers.tilePictures({ type: 'tilePictures', id: 1, of, part, rows }, signal) as never,
      ) as Promise<Pictures>,
    begun: (part: ReportPart) => handlers.report({ type: 'report', id: 1, of: WHOLE, part }, signal),
  };
};

/** Computed here, from logits at each turn. */
async function expected(part: ReportPart, model = study.model) {
  const labelsOf = (tiles: Uint32Array) => Array.from(tiles, (i) => dataset.labels[i]);
  const logits: Float32Array[] = [];
  for (const degrees of QUARTERS) logits.push(await finish(logitsAt(model, dataset, splits[part], degrees)));
  return classReport({
    classes: model.classes,
    keys: Array.from(splits[part], (i) => dataset.keys[i]),
    labels: labelsOf(splits[part]),
    logits,
    validation: {
      logits: await finish(logitsAt(model, dataset, splits.val, 0)),
      labels: labelsOf(splits.val),
    },
  });
}

test('the report of the whole network, on validation and on test tiles, told with its progress; nothing is left over', async () => {
  const { report } = asking({ study });
  for (const part of ['val', 'test'] as const) {
    const before = tf.memory().numTensors;
    const shares: number[] = [];
    const found = await report(WHOLE, part, (event) => {
      if (event.type === 'progress' && event.what === 'tiles') shares.push(event.done / event.total);
    });
    expect(found.report).toEqual(await expected(part));
    expect(found.tiles).toBe(`${splits[part].length} ${part} tiles of ${dataset.title}`);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  }
});

test('of the pruned network it is the extracted one’s own, and another than the whole one’s', async () => {
  const { report } = asking({ study });
  const setting: Setting = { method: 'l2', compensation: 'none', removed: 4, scope: 'head' };
  const found = await report({ kind: 'pruned', net: 'main', setting }, 'test');
  const choice = { method: 'l2', compensation: 'none', ratio: 4 / 6, seed: 1 } as const;
  expect(found.report).toEqual(await expected('test', prune(study.model, choice, study.statistics).model));
  expect(found.report.calibration).not.toEqual((await expected('test')).calibration);
});

test('tiles that are not painted yet are painted before they are looked at', async () => {
  const painted: number[] = [];
  const { report } = asking(
    { study },
    () =>
      // biome-ignore lint/correctness/useYield: nothing to report.
      async function* (indices: Uint32Array) {
        painted.push(...indices);
      },
  );
  await report(WHOLE, 'test');
  expect(painted).toEqual([...splits.val, ...splits.test]);
});

test('pictures are those of the tiles, by their rows; a row that is not there is left out', async () => {
  const { pictures } = asking({ study });
  const found = await pictures(WHOLE, 'test', [2, 0, 10_000]);
  const { test } = splits;
  expect([...found.pixels]).toEqual([...pixelsOf(dataset, test[2]), ...pixelsOf(dataset, test[0])]);
});

test('ended in the midst of it, it frees what it holds', async () => {
  const before = tf.memory().numTensors;
  const stage = asking({ study }).begun('test');
  for (let i = 0; i < 3; i++) await stage.next();
  await stage.return(undefined as never);
  expect(tf.memory().numTensors).toBe(before);
});

const sliderOf = (changes: object) => ({ slider: { model: study.model, dataset, splits, ...changes } });

test('what cannot be told is said: no network, no test tiles, other classes, a run or network that is gone', async () => {
  const none: Splits = { ...splits, test: new Uint32Array() };
  await expect(asking(null).report(WHOLE, 'val')).rejects.toThrow(/Open a network/);
  await expect(asking(sliderOf({ splits: none })).report(WHOLE, 'test')).rejects.toThrow(/no test tiles/);
  const classes = study.model.classes.map((name) => `${name} 2`);
  const other = asking(sliderOf({ dataset: { ...dataset, classes } }));
  await expect(other.report(WHOLE, 'val')).rejects.toThrow(/other classes/);
  const { report } = asking({ study });
  await expect(report({ kind: 'stage', run: 'none', stage: 'train' }, 'val')).rejects.toThrow(/not kept/);
  await expect(report({ kind: 'tuned', net: 'main', key: 'none' }, 'val')).rejects.toThrow(/is gone/);
});

test('without validation tiles there is no temperature; a class without a tile has no recall', async () => {
  const only = splits.test.filter((i) => dataset.labels[i] === 0);
  const few: Splits = { ...splits, val: new Uint32Array(), test: only };
  const { report } = await asking(sliderOf({ splits: few })).report(WHOLE, 'test');
  expect(report.calibration.temperature).toBeNull();
  expect(report.perClass[0].n).toBe(only.length);
  expect(report.perClass[1]).toMatchObject({ n: 0, recall: null });
});

test('one class: all is right, and no temperature betters that', async () => {
  const classes = ['all'];
  const model = { ...shakenModel({ ...tinyArch(), classes: 1 }), classes };
  const only = { ...dataset, labels: new Uint8Array(dataset.count), classes };
  const report = await finish(reportOf(model, only, splits, 'test'));
  expect(report).toMatchObject({ accuracy: 1, confusion: [[splits.test.length]] });
  expect(report.calibration).toMatchObject({ loss: 0, temperature: { value: 1, atEdge: false } });
  expect(report.tiles.every(({ probability, unsure }) => probability === 1 && !unsure)).toBe(true);
});

test('a network goes along without figures where its tiles are not at hand, or nothing can be fetched', async () => {
  const answers = [
    async () => new Response(JSON.stringify({ models: [], pairs: [{}] })),
    async () => Promise.reject(new Error('offline')),
  ];
  for (const answer of answers) {
    vi.stubGlobal('fetch', answer);
    expect(await finish(figuresOf(study.model, 'http://lab.test/index.json'))).toBeUndefined();
  }
  vi.unstubAllGlobals();
});
