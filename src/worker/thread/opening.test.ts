/** What can be opened to be pruned: whatever a stage of a run left in floats, and networks kept as files. */
import 'fake-indexeddb/auto';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { syntheticDataset } from '../../lab/data/synthetic';
import { datasetHash } from '../../lab/data/tiles';
import { requireHidden } from '../../lab/families/units';
import { decodeAnyModel, encodeModel } from '../../lab/files/modelFile';
import type { AnyModel } from '../../lab/nn/model';
import { checkRecipe } from '../../lab/recipe/schema';
import { finish } from '../../lab/stage/events';
import { STEERING } from '../../lab/testing/steering';
import { bytesOf, strangeFile, withFloat } from '../../lab/testing/strangeFiles';
import { shakenModel, TINY_MOBILE, tinyDataset, tinyModel, tinyVit } from '../../lab/testing/tiny';
import { deleteDataset } from '../../storage/datasets';
import { keepNetwork, listNetworks, loadNetworkFile, renameNetwork } from '../../storage/networks';
import { loadRun, stagesOf } from '../../storage/runs';
import { openRunStore } from '../../storage/stages';
import { keepDataset } from '../../storage/tiles';
import type { Subject } from '../protocol/choices';
import { keepRun } from '../testing/run';
import { loadSubject } from './opening';

const settings = { epochs: 2, batch: 16, learningRate: 0.02 };
const recipe = checkRecipe({
  version: 2,
  name: 'chain',
  arch: { id: 'tiny', size: 8 },
  split: { seed: 4, train: 0.5, val: 0.3, test: 0.2 },
  stages: [
    { kind: 'train', settings },
    { kind: 'prune-fields', ratio: 0.3 },
    { kind: 'prune', ratio: 0.5 },
    { kind: 'quantise' },
  ],
});
const catalogue = JSON.stringify({
  models: [],
  pairs: [
    {
      id: 'p',
      title: 'P',
      equivariant: 'a',
      plain: 'b',
      size: 8,
      splitSeed: 1,
      dataset: 'synthetic',
      perClass: 3,
      datasetSeed: 7,
    },
  ],
});
const dataset = tinyDataset(15);

beforeAll(async () => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('fetch', async () => new Response(catalogue));
  await keepRun(recipe, dataset);
});
afterEach(() => vi.restoreAllMocks());

const open = (subject: Subject) => finish(loadSubject(subject, 'http://page/models/index.json', 1));
const ofRun = (stage?: string) => open({ kind: 'run', id: 'r', ...(stage && { stage }), peer: null });

async function fileOf(stage: string): Promise<Uint8Array> {
  const { store } = await openRunStore(stagesOf('r'));
  const record = (await loadRun('r'))!.records.find(({ name }) => name === stage)!;
  return encodeModel((await store.loadStage(record.id!))!.model!);
}

test('any float network of a run opens by its stage, and the run alone means the trained one', async () => {
  const [trained, fields, pruned] = [
    await ofRun(),
    await ofRun('prune fields l2 none 30%'),
    await ofRun('prune l2 none 50%'),
  ];
  expect(trained.opened.title).toBe('half');
  expect(fields.opened.title).toBe('half, fields pruned');
  expect(pruned.opened.title).toBe('half, pruned');
  const archs = [trained, fields, pruned].map(({ main }) => requireHidden(main.model).arch);
  const params = archs.map(({ head }) => head.hidden);
  expect(params[0]).toBe(params[1]);
  expect(params[2]).toBeLessThan(params[1]);
  expect(archs[1].blocks[0].fields).toBeLessThan(archs[0].blocks[0].fields);
  // Each on the run's own tiles and split, and none takes up what another left.
  expect(pruned.main.splits).toEqual(trained.main.splits);
  expect(new Set([trained, fields, pruned].map(({ main }) => main.fingerprint)).size).toBe(3);
});

test('a stage that is not there, and one in integers, are refused with what to do', async () => {
  await expect(ofRun('prune l2 none 70%')).rejects.toThrow(/no stage "prune l2 none 70%"/);
  await expect(ofRun('quantise dense per tile')).rejects.toThrow(
    /"half, INT8" is rounded to 8-bit integers.*under Rotate.*rounded from/,
  );
});

test('a file is kept under what it holds, keeps its name, and opens on its own tiles with its own split', async () => {
  const file = await fileOf('prune l2 none 50%');
  const { id } = await keepNetwork(file, 'mine');
  await renameNetwork(id, 'of mine');
  expect((await keepNetwork(file, 'again')).name).toBe('of mine');
  expect(await listNetworks()).toHaveLength(1);
  expect(await loadNetworkFile(id)).toEqual(file);
  const { opened, main } = await open({ kind: 'file', id });
  const made = await ofRun('prune l2 none 50%');
  expect(opened).toMatchObject({ title: 'of mine', dataset: { ref: 'tiny' }, split: made.opened.split });
  expect(main.splits).toEqual(made.main.splits);
  expect(main.model.params).toEqual(made.main.model.params);
});

test('a transformer opens by its file, and a network of which a slider can take nothing is refused in words', async () => {
  const made = decodeAnyModel(await fileOf('train'), 'it');
  // On the same tiles, with the same split: what is told of them.
  const fileOn = (model: AnyModel) => encodeModel({ ...model, provenance: made.provenance });
  const transformer = await keepNetwork(fileOn(shakenModel(tinyVit('C4'))), 'vit');
  const { opened, main } = await open({ kind: 'file', id: transformer.id });
  expect(opened.nets.main).toMatchObject({ kind: 'equivariant', group: 'C4', spec: { family: 'vit' } });
  expect(main.splits.val.length).toBeGreaterThan(0);
  const comparator = await keepNetwork(fileOn(shakenModel(TINY_MOBILE)), 'mobile');
  await expect(open({ kind: 'file', id: comparator.id })).rejects.toThrow(/^"mobile" is .*, a comparator/);
});

test('a file whose tiles are not here says which it needs; one in integers where it can be looked at', async () => {
  const { id } = await keepNetwork(await fileOf('train'), 'net');
  await deleteDataset('tiny');
  await expect(open({ kind: 'file', id })).rejects.toThrow(
    /"net" was trained on .* \(\d+ tiles, fingerprint [0-9a-f]{16}\).*Bring these tiles under Data/,
  );
  await keepDataset(dataset);
  const integers = await keepNetwork(await fileOf('quantise dense per tile'), 'small');
  expect(integers.integers).toBe(true);
  await expect(open({ kind: 'file', id: integers.id })).rejects.toThrow(/8-bit integers/);
  await expect(open({ kind: 'file', id: 'gone' })).rejects.toThrow(/Drop its file on the page again/);
  const silent = await keepNetwork(encodeModel(tinyModel()), 'silent');
  await expect(open({ kind: 'file', id: silent.id })).rejects.toThrow(/does not say which tiles/);
  await expect(keepNetwork(new Uint8Array(9), 'no network')).rejects.toThrow(/no network/);
});

test('a file of other floats is kept, and its row says how it was read; one of what is no number is not', async () => {
  const model = tinyModel();
  const halves = strangeFile(model, ({ tensors }) => {
    tensors.set('dense2.bias', {
      dtype: 'F16',
      shape: [3],
      bytes: bytesOf(Uint16Array.of(0x3800, 0, 0xc000)),
    });
  });
  const row = await keepNetwork(halves, 'of halves');
  expect(row.note).toBe('of halves holds weights as F16; they are read as 32-bit floats.');
  expect((await keepNetwork(encodeModel(model), 'whole')).note).toBeUndefined();
  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    const astray = strangeFile(model, ({ tensors }) => {
      tensors.set('conv1.weight', withFloat(tensors.get('conv1.weight')!, 5, value));
    });
    await expect(keepNetwork(astray, 'astray')).rejects.toThrow(
      /astray .*"conv1.weight" holds (NaN|-Infinity)/,
    );
  }
});

test('what a file is called, and what it calls things, is shown cut, plain and on one line', async () => {
  const long = `\u202e\u0007${'gnp.exe\n'.repeat(100_000)}`;
  const classes = [long, 'יער\r\n', 'c\u2066d'];
  const row = await keepNetwork(
    encodeModel({ ...tinyModel(), classes, provenance: { dataset: long } }),
    long,
  );
  for (const text of [row.name, row.dataset!, ...row.classes]) {
    expect(text).not.toMatch(STEERING);
    expect(text.length).toBeLessThanOrEqual(100);
  }
  expect(row.classes.slice(1)).toEqual(['יער', 'cd']);
  await renameNetwork(row.id, long);
  expect((await listNetworks()).every(({ name }) => !STEERING.test(name) && name.length <= 100)).toBe(true);
  await expect(open({ kind: 'file', id: row.id })).rejects.toThrow(/^.{1,1100}$/);
});

test('a synthetic pair’s tiles are painted again for a network that was trained on them', async () => {
  const source = syntheticDataset({ perClass: 3, seed: 7 });
  const model = decodeAnyModel(await fileOf('train'));
  const data = { ...(model.provenance as { data: object }).data, synthetic: true, count: source.count };
  const provenance = { ...model.provenance, data: { ...data, fingerprint: datasetHash(source) } };
  const { id } = await keepNetwork(encodeModel({ ...model, provenance }), 'painted');
  const { main } = await open({ kind: 'file', id });
  expect(main.dataset.count).toBe(source.count);
});
