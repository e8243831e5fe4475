/** The same bits with any number of threads; and with none that answers, one, and the reason. */
import { expect, test } from 'vitest';
import { KernelsBackend } from '../../src/lab/runtime/kernels/backend';
import { Kernels } from '../../src/lab/runtime/kernels/engine';
import { multiplyAt } from '../../src/lab/runtime/kernels/matmul';
import { noise } from '../../src/lab/testing/tiny';
import { wantedThreads } from './backend';
import { nodeKernels } from './kernels';

/** A product of matrices, bit by bit. */
async function productWith(threads: number): Promise<string> {
  const kernels = await Kernels.start(nodeKernels, threads);
  expect(kernels.threads).toBe(threads);
  const backend = new KernelsBackend(kernels);
  const [m, n, k] = [200, 150, 70];
  const place = (values: Float32Array) => {
    const { address } = backend.output([values.length]);
    kernels.floats(address, values.length).set(values);
    return address;
  };
  const [a, b] = [place(noise(m * k, 1)), place(noise(k * n, 2))];
  const c = backend.output([m, n]).address;
  multiplyAt(backend, [m, n, k], { address: a, row: k, column: 1 }, { address: b, row: n, column: 1 }, c);
  const product = kernels.floats(c, m * n).join();
  kernels.end();
  return product;
}

test('the same bits with 1, 2, 3 and 8 threads', async () => {
  const one = await productWith(1);
  for (const threads of [2, 3, 8]) expect(await productWith(threads)).toBe(one);
});

test('threads that never start leave one, and the reason', async () => {
  const silent = () => ({ ready: Promise.reject(new Error('this host has none to spare')), end: () => {} });
  const kernels = await Kernels.start({ ...nodeKernels, startThread: silent }, 4);
  expect([kernels.threads, kernels.oneThreadBecause]).toEqual([1, 'this host has none to spare']);
});

test('threads that say they are there and do not answer are not waited for', async () => {
  const deaf = () => ({ ready: Promise.resolve(), end: () => {} });
  const kernels = await Kernels.start({ ...nodeKernels, startThread: deaf }, 2);
  expect([kernels.threads, kernels.oneThreadBecause]).toEqual([1, 'its threads do not answer']);
});

test('memory is given back: after many steps of the same shapes there is as much as after the first', async () => {
  const kernels = await Kernels.start(nodeKernels, 1);
  const round = () => {
    const blocks = [1000, 64, 12_345, 7].map((bytes) => kernels.heap.allocate(bytes));
    for (const block of [blocks[2], blocks[0], blocks[3], blocks[1]]) kernels.heap.release(block);
  };
  round();
  const { bytes, blocks } = kernels.heap;
  for (let i = 0; i < 200; i++) round();
  expect([kernels.heap.bytes, kernels.heap.blocks]).toEqual([bytes, blocks]);
});

test('LAB_THREADS says how many, and nonsense is refused', () => {
  expect(wantedThreads('3')).toBe(3);
  expect(wantedThreads(undefined)).toBeGreaterThanOrEqual(1);
  for (const given of ['0', '-1', '1.5', 'all', '65'])
    expect(() => wantedThreads(given)).toThrow(/LAB_THREADS/);
});
