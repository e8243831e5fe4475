/** Where a training step's time goes, operation by operation, on WASM with one thread: `npm run bench -- profile c4-twin`. */
import { startNodeBackend } from '../cli/node/backend';
import { columns } from '../cli/node/table';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import * as tf from '../src/lab/runtime/tf';
import type { Say } from './format';
import { noiseDataset } from './noise';
import { ourThroughput } from './throughput';

const BATCH = 32;
const TILES = 96;
/** Operations with less than this share are one line. */
const LEAST_SHARE = 0.005;

interface Spent {
  calls: number;
  milliseconds: number;
}

export const profile =
  (designs: readonly string[]) =>
  async (say: Say): Promise<void> => {
    await startNodeBackend('wasm', 1);
    const spent = watchKernels();
    for (const id of designs) {
      const arch = namedArch(id);
      spent.clear();
      const began = performance.now();
      const { training } = await ourThroughput(arch, noiseDataset(TILES, arch.input.size), BATCH);
      say(tableOf(id, spent, performance.now() - began, training ?? 0));
    }
  };

/** Has every operation of the running backend timed, those of plain JavaScript too. */
function watchKernels(): Map<string, Spent> {
  const spent = new Map<string, Spent>();
  const backendName = tf.getBackend();
  for (const kernel of tf.getKernelsForBackend(backendName)) {
    tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel({
      ...kernel,
      kernelFunc: (given) => {
        const began = performance.now();
        const result = kernel.kernelFunc(given);
        const entry = spent.get(kernel.kernelName) ?? { calls: 0, milliseconds: 0 };
        entry.calls++;
        entry.milliseconds += performance.now() - began;
        spent.set(kernel.kernelName, entry);
        return result;
      },
    });
  }
  return spent;
}

function tableOf(
  id: string,
  spent: ReadonlyMap<string, Spent>,
  total: number,
  rate: number,
): readonly string[] {
  const rows = [...spent].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  const shown = rows.filter(([, { milliseconds }]) => milliseconds >= LEAST_SHARE * total);
  const small = rows.slice(shown.length);
  const sum = (of: readonly (readonly [string, Spent])[], key: keyof Spent) =>
    of.reduce((all, [, each]) => all + each[key], 0);
  const line = (name: string, calls: number, milliseconds: number) => [
    name,
    String(calls),
    milliseconds.toFixed(0),
    `${((100 * milliseconds) / total).toFixed(1)} %`,
  ];
  return columns([
    [`${id}: training and inference, ${rate.toFixed(0)} tiles/s in training`, 'calls', 'ms', 'share'],
    ...shown.map(([name, { calls, milliseconds }]) => line(name, calls, milliseconds)),
    line(`${small.length} others`, sum(small, 'calls'), sum(small, 'milliseconds')),
    line('outside operations', 0, total - sum(rows, 'milliseconds')),
  ]);
}
