/** What lies beside a network makes it again: each kind of file is exported, and its recipe.json run from nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { fingerprintOf } from '../src/lab/files/fingerprint';
import { decodeAnyModel, encodeModel } from '../src/lab/files/modelFile';
import { readBytes } from './node/files';
import { lab, labJson, pictures, writeInto } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-again-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

const json = (...args: string[]) => labJson(args);

const onTiles = (...args: string[]) => json(...args, '--data', at('tiles'));
const fingerprintIn = async (file: string) => fingerprintOf(decodeAnyModel(await readBytes(file)));

/** Files by what they are, made step by step, by another seed and split than the defaults. */
const MADE: Record<string, string> = {};

beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/'));
  const training = ['--epochs', '4', '--batch', '16', '--learning-rate', '0.02'];
  const { models } = await onTiles(
    ...['train', 'tiny', '--size', '8', ...training, '--seed', '5', '--split-seed', '3', '--out', at('run')],
  );
  MADE.trained = models[0];
  const make = async (kind: string, ...args: string[]) => {
    MADE[kind] = at(`${kind}.safetensors`);
    await onTiles(...args, '--out', MADE[kind]);
  };
  await make('distilled', 'distill', MADE.trained, '--hidden', '5', ...training, '--seed', '9');
  await make(
    'fields',
    'prune',
    MADE.trained,
    '--units',
    'fields',
    '--ratio',
    '0.4',
    '--compensation',
    'norms',
  );
  await make('tuned', 'finetune', MADE.fields, '--from', MADE.trained, '--scope', 'network');
  await make('neurons', 'prune', MADE.tuned, '--ratio', '0.5', '--method', 'random', '--seed', '2');
  await make('integers', 'quantize', MADE.neurons, '--layers', 'all');
}, 200_000);

describe('a network', () => {
  test.each(['trained', 'distilled', 'fields', 'tuned', 'neurons', 'integers'])(
    '%s is made again, bit for bit, by the recipe beside it',
    async (kind) => {
      await json('export', MADE[kind], '--out', at(`export-${kind}`));
      const recipe = at(`export-${kind}/recipe.json`);
      const { models } = await onTiles('run', recipe, '--out', at(`again-${kind}`));
      expect(await fingerprintIn(models.at(-1))).toBe(await fingerprintIn(MADE[kind]));
      const readme = await readFile(at(`export-${kind}/README.md`), 'utf8');
      expect(readme).toContain('npm run -s lab -- run recipe.json --data tiles --out again');
    },
    200_000,
  );

  test('is evaluated on the test tiles of its own split, unless another one is asked for', async () => {
    const own = await onTiles('evaluate', MADE.trained);
    expect(await onTiles('evaluate', MADE.trained, '--split-seed', '3')).toEqual(own);
    const other = await onTiles('evaluate', MADE.trained, '--split-seed', '1');
    expect(other.n).toBe(own.n);
    expect(other.equivarianceError).not.toEqual(own.equivarianceError);
  }, 100_000);

  test('of another lab begins a recipe as it is, and is asked for when the recipe runs', async () => {
    const found = decodeAnyModel(await readBytes(MADE.trained));
    await writeFile(at('found.safetensors'), encodeModel({ ...found, provenance: {} }));
    await onTiles('prune', at('found.safetensors'), '--ratio', '0.5', '--out', at('less.safetensors'));
    await json('export', at('less.safetensors'), '--out', at('less'));
    const args = ['run', at('less/recipe.json'), '--data', at('tiles'), '--out', at('less-again')];
    const refused = await lab(...args);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(/begins with the network.*found\.safetensors.*give its file with --network/);
    const { models } = await json(...args, '--network', at('found.safetensors'));
    expect(await fingerprintIn(models.at(-1))).toBe(await fingerprintIn(at('less.safetensors')));
  }, 100_000);
});

test('a recipe of version 1 runs as what it says now, and that is said', async () => {
  const stages = [
    { kind: 'train', settings: { epochs: 1, batch: 16 } },
    { kind: 'rotate', split: 'val' },
  ];
  const old = { version: 1, name: 'old', arch: { id: 'tiny', size: 8 }, stages };
  await writeFile(at('old.json'), JSON.stringify(old));
  const args = ['run', at('old.json'), '--data', at('tiles'), '--out', at('old'), '--json', '--quiet'];
  const { code, out, err } = await lab(...args);
  expect(code).toBe(0);
  expect(err).toMatch(/old\.json: It is a recipe of version 1 and was converted/);
  expect(JSON.parse(out).stages.map(({ name }: { name: string }) => name)).toEqual(['train', 'check val']);
  await writeFile(
    at('slip.json'),
    JSON.stringify({ ...old, version: 2, stages: [{ kind: 'train', epocs: 3 }] }),
  );
  const slip = await lab('run', at('slip.json'), '--data', at('tiles'), '--out', at('slip'));
  expect([slip.code, slip.out]).toEqual([2, '']);
  expect(slip.err).toContain('nothing is known of "stages.0.epocs"');
}, 100_000);
