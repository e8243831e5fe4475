import { expect, test } from 'vitest';
import { isSoftware } from './adapter';
import { type EnginePace, WORTH, winnerOf } from './probe';

const at = (rate: number): EnginePace => ({ rate, adapter: 'some' });
const none: EnginePace = { problem: 'not there' };

test('the faster engine is taken, and WebGPU only where it is clearly faster', () => {
  expect(winnerOf({ wasm: at(100), webgpu: at(1000) })).toBe('webgpu');
  expect(winnerOf({ wasm: at(100), webgpu: at(100 * WORTH) })).toBe('webgpu');
  expect(winnerOf({ wasm: at(100), webgpu: at(100 * WORTH - 1) })).toBe('wasm');
  expect(winnerOf({ wasm: at(100), webgpu: at(3) })).toBe('wasm');
});

test('an engine that could not be measured is not taken, unless neither could', () => {
  expect(winnerOf({ wasm: at(1), webgpu: none })).toBe('wasm');
  expect(winnerOf({ wasm: none, webgpu: at(1) })).toBe('webgpu');
  expect(winnerOf({ wasm: none, webgpu: none })).toBe('wasm');
});

test('a GPU that is emulated is known by its name', () => {
  expect(isSoftware('google swiftshader')).toBe(true);
  expect(isSoftware('llvmpipe (LLVM 15)')).toBe(true);
  expect(isSoftware('nvidia ada-lovelace')).toBe(false);
});
