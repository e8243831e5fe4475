/** WebGPU in Node, by Dawn: as a browser's globals, before tfjs's backend is loaded and looks for them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../../scripts/chromium.mjs';

export interface Dawn {
  create(flags: readonly string[]): GPU;
  readonly globals: object;
}

/** Makes `navigator.gpu`; throws, in words, where there is no adapter at all. */
export async function useDawn({ create, globals }: Dawn): Promise<void> {
  Object.assign(globalThis, globals);
  let gpu = create([]);
  if (!(await gpu.requestAdapter())) {
    const emulated = softwareDriver();
    if (emulated) {
      process.env.VK_DRIVER_FILES = emulated;
      gpu = create([]);
    }
    if (!emulated || !(await gpu.requestAdapter())) {
      throw new Error(
        'There is no WebGPU adapter: a Vulkan driver and its loader (libvulkan1) are missing, or VK_DRIVER_FILES names none.',
      );
    }
  }
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'node', hardwareConcurrency: 1 },
    configurable: true,
    writable: true,
  });
}

/** Chromium brings a GPU that is emulated on the CPU. */
function softwareDriver(): string | undefined {
  const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', path.dirname(findChromium() ?? '/')];
  return folders.map((folder) => path.join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
}
