/** Networks timed for the page, by the engine that runs and by ONNX Runtime. Loaded when that is first asked for. */
import { BadInput } from '../../lab/errors';
import { decodeAnyModel } from '../../lab/files/modelFile';
import { openOnnx, runtimeVersion } from '../../lab/files/onnx/runtime';
import { ENGINES, timeNetworks } from '../../lab/files/onnx/timing';
import { kernelThreads } from '../../lab/runtime/backend';
import type { Stage } from '../../lab/stage/events';
import type { TimedHere } from '../protocol/results';
import { loadOnnxRuntime } from './onnxRuntime';

interface Asked {
  readonly networks: readonly { readonly name: string; readonly file: Uint8Array }[];
  readonly batches: readonly number[];
  readonly runs: number;
  readonly seconds: number;
}

/** Rounds before those that count, and of those at least so many, however slow. */
const WARM = 3;
const LEAST = 5;

/** Each network but the first is held against the first. In a browser ONNX Runtime has one thread. */
export async function* timeHere(
  { networks, batches, runs, seconds }: Asked,
  stop: AbortSignal,
): Stage<TimedHere> {
  const opened = networks.map(({ name, file }, i) => ({
    ...{ name, model: decodeAnyModel(file, name), whole: i === 0 ? null : 0 },
  }));
  yield { type: 'progress', what: 'loading ONNX Runtime', done: 0, total: 1 };
  const { version, without } = await runtimeHere();
  const plan = {
    ...{ runs, seconds, batches, warm: WARM, least: LEAST },
    engines: ENGINES.filter((engine) => engine === 'lab' || version !== null),
    threads: [...new Set([1, kernelThreads()?.working ?? 1])],
  };
  const runtimes = [
    { threads: 1, open: (network: Parameters<typeof openOnnx>[1]) => openOnnx(loadOnnxRuntime, network) },
  ];
  const timed = yield* timeNetworks(opened, plan, runtimes, undefined, stop);
  return { ...timed, names: networks.map(({ name }) => name), onnxruntime: version, without };
}

/** ONNX Runtime's version, or why it is not there. */
async function runtimeHere(): Promise<Pick<TimedHere, 'without'> & { version: string | null }> {
  try {
    return { version: await runtimeVersion(loadOnnxRuntime), without: null };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { version: null, without: error.message };
  }
}
