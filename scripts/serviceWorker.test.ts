import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, LATER } from './serviceWorker';

test('every file of a build but the service worker; one without a hash in its name has a revision of its content', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-lab-build-'));
  const write = (file: string, text: string) => writeFile(path.join(folder, file), text);
  await mkdir(path.join(folder, 'assets'));
  await mkdir(path.join(folder, 'models', 'recipes'), { recursive: true });
  await write('assets/main-Ab12.js', 'x');
  await write('models/recipes/c4.json', '{}');
  await write('index.html', 'one');
  await write('sw.js', 'itself');
  const before = await entriesOf(folder, 'assets');
  expect(before.map(({ url }) => url)).toEqual([
    'assets/main-Ab12.js',
    'index.html',
    'models/recipes/c4.json',
  ]);
  expect(before[0].revision).toBe(null);
  expect(before[1].revision).toMatch(/^[0-9a-f]{16}$/);

  await write('index.html', 'two');
  const after = await entriesOf(folder, 'assets');
  expect(after[1].revision).not.toBe(before[1].revision);
  expect(after[2]).toEqual(before[2]);
  await rm(folder, { recursive: true });
});

test('what ONNX and TFLite need is kept when it is asked for, and nothing else waits for that', () => {
  const files = [
    'ort-wasm-simd-threaded-Dc.wasm',
    'ort.wasm.bundle.min-B3.js',
    'onnxFile-yS.js',
    'litert_wasm_compat_internal-D1.wasm',
    'litert_wasm_compat_internal-C2.js',
    'tfliteFile-x9.js',
  ];
  for (const file of files) expect(`assets/${file}`).toMatch(LATER);
  for (const file of ['report-B1.js', 'main-Bx.js', 'ExportDialog-BY.js', 'kernels-sort.wasm'])
    expect(`assets/${file}`).not.toMatch(LATER);
});
