/** Networks as C, compiled to the letter of C99 and run beside the lab: every family, floats and integers. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEAD_KINDS } from '../../src/lab/families/gcnn/arch';
import { cOf } from '../../src/lab/files/c/c';
import type { CRounding } from '../../src/lab/files/c/choices';
import { makeC } from '../../src/lab/files/c/make';
import { compareFile, type Pictures } from '../../src/lab/files/onnx/compare';
import { kinds } from '../../src/lab/files/onnx/testing/kinds';
import { patternPixels } from '../../src/lab/files/takeAlong/pattern';
import type { Model } from '../../src/lab/nn/model';
import { plainNames } from '../../src/lab/plain';
import { quantiseModel } from '../../src/lab/quantize/quantise';
import { finish } from '../../src/lab/stage/events';
import { GROUP_NAMES } from '../../src/lab/symmetry/group';
import { cases } from '../../src/lab/testing/properties';
import { shakenModel, TINY_MOBILE, tinyDataset, tinyModel, tinyVit } from '../../src/lab/testing/tiny';
import { startNodeBackend } from './backend';
import { compileC, findCompiler } from './compiledC';

const compiler = await findCompiler();

/** Where the compiler has them: what reads or writes elsewhere, or does what C does not define, ends the program. */
const SANITIZERS = await (async () => {
  // Optimised less: watched programs take most of this suite’s time to compile.
  const flags = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-O1'];
  const program = await compileC(compiler!, 'int main(void) { return 0; }', flags).catch(() => null);
  await program?.release();
  return program ? flags : [];
})();
const dataset = tinyDataset(14);
const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);

/** Made, compiled, and held against the lab at four turns. */
async function tried(model: Model, rounding: CRounding = 'none', pictures: Pictures = dataset, chosen = all) {
  await startNodeBackend('wasm');
  const { written, network } = await makeC(model, rounding);
  const program = await compileC(compiler!, network.text);
  expect(await program.call('--check')).toMatchObject({ code: 0, err: '' });
  // With one range for a batch, the lab's answers depend on who is in it; here each picture is alone.
  const batch = written.arch.int8?.range === 'batch' ? 1 : null;
  const choices = { batch, preprocessing: 'inside' } as const;
  const run = compareFile(written, program, compiler!.version, choices, pictures, chosen);
  return { network, comparison: await finish(run) };
}

const turns = ({ arch }: Model): boolean =>
  arch.group !== 'C1' && arch.group !== 'C2' && (arch as { head?: { kind: string } }).head?.kind !== 'flat';

describe.skipIf(!compiler)(`a network in C${compiler ? '' : ' (needs a C compiler: skipped)'}`, () => {
  test.each(Object.entries(kinds()))(
    '%s: gives the logits of its network, also when it turns',
    async (_, model) => {
      const { comparison } = await tried(model);
      expect(comparison).toMatchObject({ tiles: 42, answersThatDiffer: 0 });
      expect(comparison.largestDifference).toBeLessThan(1e-5);
      if (turns(model)) expect(comparison.turns).toMatchObject({ agreement: 1, changed: 0 });
    },
  );

  test.each(Object.entries(kinds()))('%s: in integers, as the lab rounds', async (_, model) => {
    const { comparison } = await tried(model, 'dynamic');
    expect(comparison.largestDifference).toBeLessThan(0.02);
    expect(comparison.answersThatDiffer).toBeLessThanOrEqual(1);
    if (turns(model)) expect(comparison.turns.changed).toBe(0);
  });

  test('any network of groups, and integers', async () => {
    const choices = fc.record({
      group: fc.constantFrom(...GROUP_NAMES),
      head: fc.constantFrom(...HEAD_KINDS),
      filters: fc.constantFrom('grid' as const, 'steerable' as const),
      kernel: fc.constantFrom(1 as const, 3 as const, 5 as const),
      seed: fc.nat(1000),
      int8: fc.constantFrom(
        null,
        { layers: 'dense', range: 'batch' } as const,
        { layers: 'all', range: 'tile' } as const,
      ),
    });
    await fc.assert(
      fc.asyncProperty(choices, async ({ int8, ...options }) => {
        const float = tinyModel(options);
        const { comparison } = await tried(int8 ? quantiseModel(float, int8) : float);
        expect(comparison.largestDifference).toBeLessThan(int8 ? 0.03 : 1e-5);
      }),
      { numRuns: cases(12) },
    );
  });

  test('would be found out, were its numbers in another order', async () => {
    await startNodeBackend('wasm');
    const model = tinyModel({ head: 'orbit', group: 'D4' });
    const { shape, data } = model.params['dense1.weight'];
    const params = { ...model.params, 'dense1.weight': { shape, data: data.slice().reverse() } };
    const { network } = await makeC({ ...model, params }, 'none');
    const program = await compileC(compiler!, network.text);
    const run = compareFile(model, program, 'cc', { batch: null, preprocessing: 'inside' }, dataset, all);
    expect((await finish(run)).largestDifference).toBeGreaterThan(0.01);
  });

  test('whoever named classes and tiles, the file compiles, says the names, and does nothing else', async () => {
    await startNodeBackend('wasm');
    const nasty = [
      '"); system("ls',
      '*/ int x; /* ??/',
      'a\\n%s\\',
      'Füße 草地 🛰',
      'two\nlines\u202e',
      '\u0007',
    ];
    for (const [i, name] of nasty.entries()) {
      const model = tinyModel();
      const classes = [name, nasty[(i + 1) % nasty.length], 'c'];
      const { network } = await makeC(
        { ...model, arch: { ...model.arch, id: name }, classes, provenance: { dataset: name } },
        'none',
      );
      const program = await compileC(compiler!, network.text);
      const file = path.join(program.folder, 'tile');
      const pixels = patternPixels(8, 3);
      await writeFile(file, pixels);
      const [logits, { out, code }] = [await program.run(pixels, 1), await program.call('--raw', file)];
      const answer = plainNames(classes)[logits.indexOf(Math.max(...logits))];
      expect([code, out.split('\t')[1]]).toEqual([0, answer]);
      await program.release();
    }
  });

  test('its program reads what it can, says what it cannot, and goes nowhere else in memory', async () => {
    await startNodeBackend('wasm');
    const networks = [
      [tinyModel(), 'none'],
      [tinyModel(), 'dynamic'],
      [shakenModel(TINY_MOBILE), 'dynamic'],
      [shakenModel(tinyVit('D4')), 'dynamic'],
    ] as const;
    for (const [model, rounding] of networks) {
      const { network } = await makeC(model, rounding);
      const program = await compileC(compiler!, network.text, SANITIZERS);
      const { size } = model.arch.input;
      const at = (name: string) => path.join(program.folder, name);
      const put = async (name: string, head: string, bytes: Uint8Array) =>
        writeFile(at(name), Buffer.concat([Buffer.from(head), bytes]));
      const pixels = patternPixels(size, 3);
      await put('raw', '', pixels);
      await put('two', '', new Uint8Array([...pixels, ...pixels]));
      await put('a.ppm', `P6\n# a comment\n${size} ${size}\n255\n`, pixels);
      expect(await program.call('--check')).toMatchObject({ code: 0, err: '' });
      const { out: one } = await program.call('--raw', '--logits', at('raw'));
      expect(await program.call('--logits', at('a.ppm'))).toEqual({ code: 0, out: one, err: '' });
      expect(await program.call('--logits', at('two'))).toEqual({ code: 0, out: one + one, err: '' });
      expect((await program.call(at('a.ppm'))).out).toMatch(/a\.ppm\t\w+\t\d+\.\d %\n$/);

      await mkdir(at('folder'));
      for (const [name, head, bytes, why] of [
        ['grey', `P5\n${size} ${size}\n255\n`, pixels, 'this is grey'],
        ['large', `P6\n${size + 1} ${size}\n255\n`, pixels, 'another size'],
        ['deep', `P6\n${size} ${size}\n65535\n`, pixels, 'of 8 bits'],
        ['huge', 'P6\n99999999999 1\n255\n', pixels, 'another size'],
        ['short', `P6\n${size} ${size}\n255\n`, pixels.subarray(1), 'ends too early'],
        ['half', '', pixels.subarray(1), 'nor whole pictures'],
        ['head', 'P6 # never ends', new Uint8Array(), 'another size'],
        ['empty', '', new Uint8Array(), 'nor whole pictures'],
      ] as const) {
        await put(name, head, bytes);
        const { code, out, err } = await program.call(at(name));
        expect([name, code, out, err]).toEqual([name, 2, '', expect.stringContaining(why)]);
      }
      expect(await program.call(at('nothing'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('cannot be opened'),
      });
      expect(await program.call(at('folder'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('nor whole pictures'),
      });
      expect(await program.call()).toMatchObject({ code: 2, err: expect.stringContaining('usage: ') });
      // One that is wrong keeps none of the others from its answer.
      expect(await program.call('--logits', at('half'), at('a.ppm'))).toMatchObject({ code: 2, out: one });
      await program.release();
    }
  });

  test('what is no number is no answer', async () => {
    const model = tinyModel({ head: 'flat' });
    const large = ['dense1.weight', 'dense2.weight'].map((name) => {
      const { shape, data } = model.params[name];
      return [name, { shape, data: data.map((weight) => 1e38 * weight) }];
    });
    const { text } = cOf({ ...model, params: { ...model.params, ...Object.fromEntries(large) } }, [0, 1, 2]);
    const program = await compileC(compiler!, text);
    await writeFile(path.join(program.folder, 'tile'), patternPixels(8, 3));
    expect((await program.call('--raw', path.join(program.folder, 'tile'))).out).toContain('no answer');
    expect((await program.call('--check')).code).toBe(1);
    await program.release();
  });
});
