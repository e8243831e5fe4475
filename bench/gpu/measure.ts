/**
 * The lab on WebGPU, on whatever adapter there is: its own programs, the same networks through tfjs's operations, and the
 * same channels in tfjs's layers API. The engine runs already; where this runs, in Node or in a page, does not matter.
 */
import { columns } from '../../cli/node/table';
import type { ArchSpec } from '../../src/lab/families/gcnn/arch';
import { gcnnWork } from '../../src/lab/families/gcnn/layout';
import { namedArch } from '../../src/lab/families/gcnn/zoo';
import * as tf from '../../src/lab/runtime/tf';
import { setProgramsAside, timePrograms, watchPrograms } from '../../src/lab/runtime/webgpu/program';
import { finish } from '../../src/lab/stage/events';
import type { GroupName } from '../../src/lab/symmetry/group';
import { trainSettingsSchema } from '../../src/lab/train/settings';
import { trainModel } from '../../src/lab/train/train';
import type { Say } from '../format';
import { noiseDataset, wholeSplits } from '../noise';
import { freshModel, layersThroughput, ourThroughput, type Throughput } from '../throughput';
import { launchesTable } from './launches';

export interface GpuSettings {
  readonly nets: readonly string[];
  readonly tiles: number;
  readonly batch: number;
  /** Rows of the square matrices whose product is the yardstick. */
  readonly matmul: number;
  /** Whether tfjs's operations and its layers API run too, which take longer; and programs are counted, of all kinds of work. */
  readonly peers: boolean;
}

/** Enough for a real GPU; and what one that is emulated does in minutes. */
export const DEFAULTS: Readonly<Record<'real' | 'software', GpuSettings>> = {
  real: {
    nets: ['c4-twin-small', 'c4', 'c4-twin', 'base', 'paper'],
    ...{ tiles: 1024, batch: 128, matmul: 4096, peers: true },
  },
  software: { nets: ['c4-twin-small'], tiles: 16, batch: 8, matmul: 256, peers: true },
};

/** How many times fewer multiplications Fourier over the group needs than the expanded filters. */
const FEWER: Readonly<Record<GroupName, number>> = { C1: 1, C2: 2, C4: 16 / 6, D1: 2, D4: 64 / 12 };

export async function measureGpu(settings: GpuSettings, say: Say): Promise<void> {
  const peak = await matrixProduct(settings.matmul);
  say([
    `peak: ${peak.toFixed(1)} GFLOP/s, a product of matrices of ${settings.matmul} rows, tfjs's program`,
    `networks: batches of ${settings.batch} of ${settings.tiles} tiles of noise`,
  ]);
  for (const id of settings.nets) {
    try {
      say(await tableOf(id, settings, peak));
    } catch (error) {
      say([`${id} failed: ${String(error).slice(0, 300)}`]);
    }
  }
  if (settings.peers) say(await launchesTable(settings.batch));
}

/** GFLOP/s of the fastest of several products. */
async function matrixProduct(rows: number): Promise<number> {
  const [a, b] = [tf.randomNormal([rows, rows]), tf.randomNormal([rows, rows])] as tf.Tensor2D[];
  const AT_ONCE = 4;
  const work = async () => {
    const last = tf.tidy(() => {
      const products = Array.from({ length: AT_ONCE }, () => tf.matMul(a, b));
      return tf.slice(products.at(-1)!, [0, 0], [1, 1]);
    });
    await last.data();
    last.dispose();
  };
  await work();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  tf.dispose([a, b]);
  return (AT_ONCE * 2 * rows ** 3) / Math.min(...times) / 1e6;
}

async function tableOf(id: string, settings: GpuSettings, peak: number): Promise<string[]> {
  const { tiles, batch, peers } = settings;
  const arch = namedArch(id);
  const dataset = noiseDataset(tiles, arch.input.size);
  const way = async (name: string) => ({
    name,
    rates: await ourThroughput(arch, dataset, batch),
    programs: await programsOfStep(arch, batch),
  });
  const ways: { name: string; rates: Throughput; programs: number | null }[] = [await way('ours')];
  if (peers) {
    setProgramsAside(true);
    try {
      ways.push(await way("tfjs's operations"));
    } finally {
      setProgramsAside(false);
    }
    ways.push({
      name: "tfjs's layers API",
      rates: await layersThroughput(arch, tiles, batch),
      programs: null,
    });
  }
  const work = workOf(arch);
  const rate = (value: number | null) => (value === null ? '–' : value.toFixed(1));
  const share = (perTile: number, value: number | null) =>
    value === null ? '–' : `${((100 * perTile * value) / (peak * 1e9)).toFixed(1)} %`;
  const ours = ways[0].rates;
  return [
    ...columns([
      [`${id}, tiles/s`, 'training', 'share of peak', 'inference', 'share of peak', 'programs a step'],
      ...ways.map(({ name, rates, programs }, i) => [
        name,
        rate(rates.training),
        // What is really multiplied: the others have the filters expanded.
        share(i === 0 ? work.training : work.trainingExpanded, rates.training),
        rate(rates.inference),
        share(i === 0 ? work.inference : work.inferenceExpanded, rates.inference),
        programs === null ? '–' : programs.toFixed(0),
      ]),
      ...ways
        .slice(1)
        .map(({ name, rates }) => [
          `ours / ${name}`,
          ours.training && rates.training ? `${(ours.training / rates.training).toFixed(2)} ×` : '–',
          '',
          `${(ours.inference / rates.inference).toFixed(2)} ×`,
          ...['', ''],
        ]),
    ]),
    ...(await slowestPrograms(arch, batch)),
  ];
}

/** Floating-point operations for one tile, by Fourier and with expanded filters; of convolutions and dense layers. */
function workOf(arch: ArchSpec) {
  const layers = gcnnWork(arch).map(({ macs, kind }, i) => ({
    expanded: 2 * macs,
    fourier: (2 * macs) / (kind === 'group convolution' ? FEWER[arch.group] : 1),
    // No gradient flows to pictures.
    passes: i === 0 ? 2 : 3,
  }));
  const sum = (of: (layer: (typeof layers)[number]) => number) =>
    layers.reduce((total, layer) => total + of(layer), 0);
  return {
    inference: sum(({ fourier }) => fourier),
    inferenceExpanded: sum(({ expanded }) => expanded),
    training: sum(({ fourier, passes }) => fourier * passes),
    trainingExpanded: sum(({ expanded, passes }) => expanded * passes),
  };
}

/** Trains two batches; `between` is called after the first and after the second. */
async function twoSteps(arch: ArchSpec, batch: number, between: () => void): Promise<void> {
  const dataset = noiseDataset(2 * batch, arch.input.size);
  const splits = wholeSplits(dataset);
  const settings = trainSettingsSchema.parse({ epochs: 1, batch, learningRate: 0.001 });
  await finish(trainModel(freshModel(arch, dataset), dataset, splits, settings, 1), ({ type }) => {
    if (type === 'batch') between();
  });
}

/** Programs that one step launches, the second of two. */
async function programsOfStep(arch: ArchSpec, batch: number): Promise<number> {
  let launched = 0;
  const steps: number[] = [];
  const end = watchPrograms(tf.backend() as tf.WebGPUBackend, () => launched++);
  try {
    await twoSteps(arch, batch, () => {
      steps.push(launched);
      launched = 0;
    });
  } finally {
    end();
  }
  return steps[1];
}

const SHOWN = 12;

/** Where the time of training goes, program by program, where the GPU tells; alone, each, so together they take longer. */
async function slowestPrograms(arch: ArchSpec, batch: number): Promise<string[]> {
  const times = await timePrograms(tf.backend() as tf.WebGPUBackend, () => twoSteps(arch, batch, () => {}));
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  if (total === 0) return ['(this adapter does not tell the time of a program)'];
  const byName = new Map<string, { calls: number; milliseconds: number }>();
  for (const { name, milliseconds } of times) {
    const entry = byName.get(name) ?? { calls: 0, milliseconds: 0 };
    byName.set(name, { calls: entry.calls + 1, milliseconds: entry.milliseconds + milliseconds });
  }
  const rows = [...byName].sort(([, a], [, b]) => b.milliseconds - a.milliseconds).slice(0, SHOWN);
  return columns([
    ['programs of two steps, the slowest', 'calls', 'ms', 'share'],
    ...rows.map(([name, { calls, milliseconds }]) => [
      ...[name, String(calls), milliseconds.toFixed(2), `${((100 * milliseconds) / total).toFixed(1)} %`],
    ]),
  ]);
}
