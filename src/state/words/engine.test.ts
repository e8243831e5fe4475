import { expect, test } from 'vitest';
import type { EnginePace } from '../../lab/runtime/probe';
import type { Probe } from '../page/engine';
import { probeSentence } from './engine';

const at = (rate: number, adapter: string): EnginePace => ({ rate, adapter });
const cpu = at(800.4, 'the CPU, 2 threads, SIMD');
const probe = (wasm: EnginePace, webgpu: EnginePace, remembered = false): Probe => ({
  status: 'measured',
  remembered,
  measurement: {
    ...{ shape: 'a', design: 'c4-twin', adapter: 'card', code: '1', subject: 'x' },
    paces: { wasm, webgpu },
  },
});

test('both rates, the winner, and by how much', () => {
  expect(probeSentence(probe(cpu, at(4000, 'nvidia ada')))).toBe(
    'Measured here, training c4-twin: WASM 800 tiles per second (the CPU, 2 threads, SIMD); WebGPU 4,000 tiles per second (nvidia ada). WebGPU is 5.0 times as fast, so “Automatic” takes WebGPU.',
  );
  expect(probeSentence(probe(cpu, at(2.5, 'swiftshader')))).toContain(
    'WebGPU 2.5 tiles per second (swiftshader). WASM is 320 times as fast, so “Automatic” takes WASM.',
  );
});

test('a lead too small to count, and none at all', () => {
  expect(probeSentence(probe(at(100, 'a'), at(110, 'b')))).toContain(
    'WebGPU is not 1.2 times as fast, so “Automatic” takes WASM, on which runs repeat bit for bit.',
  );
  expect(probeSentence(probe(at(100, 'a'), at(100, 'b')))).toContain('WASM is just as fast, so');
});

test('an engine that could not be measured, and why', () => {
  expect(probeSentence(probe(cpu, { problem: 'the GPU was lost' }))).toContain(
    'WebGPU could not be measured (the GPU was lost). So “Automatic” takes WASM.',
  );
  expect(probeSentence(probe({ problem: 'no SIMD' }, at(9, 'card')))).toContain(
    'So “Automatic” takes WebGPU.',
  );
});

test('an earlier visit, a measurement going on, and none', () => {
  expect(probeSentence(probe(cpu, at(4000, 'card'), true))).toMatch(/^On an earlier visit, training c4-twin/);
  expect(probeSentence({ status: 'measuring', design: 'c4' })).toBe(
    'Measuring which engine trains c4 faster …',
  );
  expect(probeSentence({ status: 'unmeasured', because: 'there is none' })).toBe(
    'WebGPU was not measured against it: there is none. So “Automatic” takes WASM.',
  );
});
