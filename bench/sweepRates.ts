/**
 * What the cost model of sweeps (src/lab/sweep/cost.ts) stands on: how many tiles a second of one core's time trains and
 * answers, for every design and size of Tables II, IV and V. Processor time of one thread, so that it does not matter what
 * else the machine does.
 */

import { startNodeBackend } from '../cli/node/backend';
import { processorTime } from '../cli/node/processorTime';
import { columns } from '../cli/node/table';
import { totalCost } from '../src/lab/evaluate/cost';
import { anyNamedArch } from '../src/lab/families/anyArch';
import { initialParams } from '../src/lab/families/init';
import { openClassifier } from '../src/lab/families/networks';
import type { AnyArch } from '../src/lab/nn/arch';
import { tableNamed } from '../src/lab/reproduce/tables';
import * as tf from '../src/lab/runtime/tf';
import { paceSteps } from '../src/lab/train/pace';
import type { Say } from './format';

/** As the protocols have them, and fewer where one step takes seconds. */
const BATCH = 128;
const FEW = 32;
const ROUNDS = 3;
/** Digits in one channel cost less by the first layer alone. */
const CHANNELS = 3;

export async function sweepRates(say: Say): Promise<void> {
  process.env.LAB_THREADS = '1';
  await startNodeBackend();
  const designs = new Map<string, AnyArch>();
  for (const table of ['table-2', 'table-4', 'table-5']) {
    for (const { recipe } of tableNamed(table).runs('full')) {
      const { id, ...choices } = recipe.arch!;
      const arch = anyNamedArch(id, { ...choices, channels: CHANNELS, classes: 10 });
      designs.set(`${id} ${arch.input.size}`, arch);
    }
  }
  const rows: (string | number)[][] = [['design, size', 'training', 'answering', 'bytes']];
  for (const [name, arch] of designs) {
    const batch = name.includes('net') ? FEW : BATCH;
    rows.push([
      name,
      (await trainingRate(arch, batch)).toPrecision(3),
      (await answeringRate(arch, batch)).toPrecision(3),
      totalCost(arch).bytes,
    ]);
    console.log(rows.at(-1)!.join('  '));
  }
  say([`tiles per second of one thread, medians of ${ROUNDS}`, ...columns(rows)]);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Tiles per second of processor time, of what works on so many at once; the first round pays for what is set up once. */
async function rateOf(batch: number, work: () => Promise<void>): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const began = processorTime();
    await work();
    if (round > 0) rates.push((1000 * batch) / (processorTime() - began));
  }
  return median(rates);
}

async function trainingRate(arch: AnyArch, batch: number): Promise<number> {
  const pace = paceSteps(arch, batch, ROUNDS + 1);
  try {
    return await rateOf(batch, () => pace.step());
  } finally {
    await pace.end();
  }
}

async function answeringRate(arch: AnyArch, batch: number): Promise<number> {
  const { size, channels } = arch.input;
  const network = openClassifier({ arch, params: initialParams(arch, 1) });
  try {
    return await rateOf(batch, async () => {
      const rows = tf.tidy(() => network.logits(tf.zeros([batch, size, size, channels])));
      await rows.data();
      rows.dispose();
    });
  } finally {
    network.dispose();
  }
}
