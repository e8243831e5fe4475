/** Where the tests run: which backends there are, and how one is started. Set once per project. */
import type { Dataset } from '../data/dataset';
import type { LoadRuntime } from '../files/onnx/runtime';
import type { LoadLiteRt } from '../files/tflite/runtime';
import type { BackendName, BackendReport } from '../runtime/backend';

export interface TestPlatform {
  backends: BackendName[];
  start(backend: BackendName | 'auto'): Promise<BackendReport>;
  /** Gives the picture decoder its codecs, once. */
  loadDecoders(): Promise<void>;
  loadOnnxRuntime: LoadRuntime;
  loadLiteRt: LoadLiteRt;
  /** The bytes of a file under public/. */
  readPublic(path: string): Promise<Uint8Array>;
  /** The dataset in a folder of ../shared, or undefined where that is absent. */
  openShared(path: string): Promise<Dataset | undefined>;
}

let current: TestPlatform | undefined;

/** Called by the set-up file of each host: cli/testing/node.ts, src/worker/testing/browser.ts. */
export function setPlatform(platform: TestPlatform): void {
  current = platform;
}

export function testPlatform(): TestPlatform {
  if (!current) throw new Error('No test platform: the project in vitest.config.ts lacks its set-up file.');
  return current;
}
