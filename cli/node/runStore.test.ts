/** Run folders that were damaged: what is wrong there is found, said, set aside, and made again to the same numbers. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetHash } from '../../src/lab/data/tiles';
import { decodeAnyModel, encodeUnsealed } from '../../src/lab/files/modelFile';
import { uniform } from '../../src/lab/random';
import { type RunReport, runRecipe } from '../../src/lab/recipe/pipeline';
import { prepare } from '../../src/lab/recipe/prepare';
import { checkRecipe } from '../../src/lab/recipe/schema';
import { digestOf } from '../../src/lab/stage/seal';
import { tinyChain } from '../../src/lab/testing/chain';
import { DAMAGES, damageBytes } from '../../src/lab/testing/damage';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { sessionsOf } from '../sessions';
import { startNodeBackend } from './backend';
import { folderStore } from './runStore';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-kept-'));
const at = (...names: string[]): string => path.join(top, ...names);
afterAll(() => rm(top, { recursive: true }));

const dataset = tinyDataset(10);
const EPOCHS = 3;
const recipe = checkRecipe(tinyChain(EPOCHS, [{ kind: 'prune', ratio: 0.4 }]));
const prepared = prepare(recipe, dataset);
const identity = { recipe, data: datasetHash(dataset) };

/** Runs the recipe in a folder to its end, or to the event after which `isEnough`. */
async function runIn(folder: string, isEnough = (_: string) => false) {
  const said: string[] = [];
  const store = await folderStore(folder, identity, (sentence) => said.push(sentence));
  const stage = runRecipe(prepared, store);
  let report: RunReport | null = null;
  for (;;) {
    const step = await stage.next();
    if (step.done) report = step.value;
    if (step.done || isEnough(step.value.type)) break;
  }
  await stage.return(undefined as never);
  return { said, report: report && withoutTimes(report) };
}

const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === 'seconds' ? 0 : each)));

/** The files of a run: networks by their digests, records without their times and the seals over them. */
async function contents(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = new Map<string, string>();
  for (const name of names.filter((each) => /\.(json|safetensors)$/.test(each))) {
    const bytes = await readFile(path.join(folder, name));
    const text = () => JSON.stringify({ ...(withoutTimes(JSON.parse(bytes.toString())) as object), seal: 0 });
    files.set(name, name.endsWith('.json') ? text() : digestOf(new Uint8Array(bytes)));
  }
  return files;
}

/** A copy of a run, one of whose files is damaged in a drawn way. */
async function damaged(from: string, to: string, next: () => number): Promise<string> {
  await cp(from, to, { recursive: true });
  const files = [...(await contents(from)).keys()];
  const file = files[Math.floor(next() * files.length)];
  const kind = DAMAGES[Math.floor(next() * DAMAGES.length)];
  const bytes = damageBytes(new Uint8Array(await readFile(path.join(to, file))), kind, next);
  if (bytes) await writeFile(path.join(to, file), bytes);
  else await rm(path.join(to, file));
  return `${kind} in ${file}`;
}

let whole: Awaited<ReturnType<typeof runIn>>;
let files: Map<string, string>;

beforeAll(async () => {
  await startNodeBackend();
  whole = await runIn(at('whole'));
  files = await contents(at('whole'));
  let epochs = 0;
  // In the midst of the student's training: a stage is there, and a checkpoint.
  await runIn(at('half'), (type) => type === 'checkpoint' && ++epochs === EPOCHS + 2);
  expect(
    [...(await contents(at('half'))).keys()].filter((name) => name.startsWith('checkpoints')),
  ).toHaveLength(1);
});

describe.each(['whole', 'half'])('a %s run', (which) => {
  test('damaged at 30 seeded places ends as if nothing had been, and what was damaged is told', async () => {
    const next = uniform('places', which);
    const unsaid: string[] = [];
    for (let i = 0; i < 30; i++) {
      const folder = at(`${which}-${i}`);
      const what = await damaged(at(which), folder, next);
      const { said, report } = await runIn(folder);
      expect(report, what).toEqual(whole.report);
      expect(await contents(folder), what).toEqual(files);
      if (said.length === 0) unsaid.push(what);
      for (const sentence of said)
        expect(sentence).toMatch(/is damaged: .* set aside as .*\.damaged"|is gone;/);
      expect((await runIn(folder)).said, `${what}, once more`).toEqual([]);
      await rm(folder, { recursive: true });
    }
    // Of a record or a checkpoint that is gone nobody knows that it was there; nor of the header.
    expect(unsaid.filter((what) => !/^remove in (stages|checkpoints|run\.json)/.test(what))).toEqual([]);
  });
});

test('a folder of networks that is gone is made again, each of them said', async () => {
  await cp(at('whole'), at('without'), { recursive: true });
  await rm(at('without', 'models'), { recursive: true });
  const { said, report } = await runIn(at('without'));
  expect(
    said.filter((sentence) =>
      /the network of the stage ".+", is gone; that stage is made again/.test(sentence),
    ),
  ).toHaveLength(4);
  expect(report).toEqual(whole.report);
  expect(await contents(at('without'))).toEqual(files);
});

test('a network that is another stage’s is not taken for the one of its record', async () => {
  await cp(at('whole'), at('swapped'), { recursive: true });
  await cp(at('whole', 'models', 'distil.safetensors'), at('swapped', 'models', 'train.safetensors'));
  const { said } = await runIn(at('swapped'));
  expect(said.join()).toMatch(/models.train\.safetensors" is damaged/);
  expect(await contents(at('swapped'))).toEqual(files);
});

test('a run of an earlier version, without checksums, is read as it is, and goes on', async () => {
  await cp(at('whole'), at('early'), { recursive: true });
  const strip = async (file: string) => {
    const { seal: _, ...rest } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(rest));
  };
  await strip(at('early', 'run.json'));
  for (const name of await readdir(at('early', 'stages'))) await strip(at('early', 'stages', name));
  for (const name of await readdir(at('early', 'models'))) {
    const file = at('early', 'models', name);
    await writeFile(file, encodeUnsealed(decodeAnyModel(new Uint8Array(await readFile(file)))));
  }
  // The last stage was not there yet.
  const check = (await readdir(at('early', 'stages'))).find((name) => name.startsWith('check'))!;
  await rm(at('early', 'stages', check));
  const { said, report } = await runIn(at('early'));
  expect(said).toEqual([]);
  expect(report).toEqual(whole.report);
  // Its networks, too, are asked for by the recipe: one that is gone is made again.
  await rm(at('early', 'models', 'distil.safetensors'));
  expect((await runIn(at('early'))).report).toEqual(whole.report);
  expect([...(await contents(at('early'))).keys()]).toEqual([...files.keys()]);
});

test('a folder of another recipe is refused as before', async () => {
  const other = { ...identity, recipe: { ...recipe, seed: recipe.seed + 1 } };
  await expect(folderStore(at('whole'), other)).rejects.toThrow(/holds a run of another recipe/);
});

test('a session that is damaged is set aside, and the others are counted', async () => {
  const folder = at('timed', 'sessions');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '1-1.json'), '{"began":1,');
  const early = { began: 1000, ended: 2000, backend: 'wasm', hardware: 'h', software: 's', load: [0, 0] };
  await writeFile(path.join(folder, '2-1.json'), JSON.stringify(early));
  expect(await sessionsOf(at('timed'))).toEqual([early]);
  expect(await readdir(folder)).toEqual(['1-1.json.damaged', '2-1.json']);
});
