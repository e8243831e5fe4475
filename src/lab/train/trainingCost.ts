/**
 * What a training will take on this device, before it starts: measured on a few steps on noise, of ever more tiles, so that
 * one that would not fit is told of without being tried.
 */
import { BadInput } from '../errors';
import { totalCost } from '../evaluate/cost';
import { initialParams } from '../families/init';
import { openClassifier } from '../families/networks';
import type { AnyArch } from '../nn/arch';
import { forgetPeak, memoryPeak } from '../runtime/backend';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { paceSteps } from './pace';

export interface TrainingPlan {
  /** Tiles of a step. */
  readonly batch: number;
  readonly epochs: number;
  /** Tiles to train on and to validate on. */
  readonly train: number;
  readonly val: number;
}

export interface TrainingCost {
  /** Of one epoch, and of all: validation too. It may end earlier. */
  readonly epochSeconds: number;
  readonly seconds: number;
  /** Of the engine at most, in bytes, and what it can have; null where the engine does not tell. */
  readonly memory: { readonly bytes: number; readonly most: number } | null;
  /** On disk: the network, and while it trains its checkpoint (weights, the best ones, Adam’s two moments). */
  readonly kept: { readonly network: number; readonly checkpoint: number };
  /** Tiles of the step that was timed. */
  readonly measured: number;
}

/** The step that is timed is to take about so long, in milliseconds. */
const ABOUT_MS = 700;

/** What is not in blocks of the engine's memory at the same time: room between them, and what grows while it trains. */
const ROOM = 1.15;

/**
 * @throws BadInput where the memory of the engine would not do, with what would.
 */
export async function* trainingCost(arch: AnyArch, plan: TrainingPlan): Stage<TrainingCost> {
  const { batch, epochs, train, val } = plan;
  const what = 'measuring a few steps';
  yield { type: 'progress', what, done: 0, total: 4 };
  // One tile alone would say little: what is made of the filters outweighs it.
  const few = await measured(arch, Math.min(2, batch), 1);
  yield { type: 'progress', what, done: 1, total: 4 };
  const more = await measured(arch, Math.min(6, batch), 1);
  const memory = memoryOf(few, more, batch);
  if (memory && memory.bytes > memory.most) throw tooLarge(arch, plan, few, more);
  yield { type: 'progress', what, done: 2, total: 4 };
  const tiles = Math.max(1, Math.min(batch, Math.floor((more.tiles * ABOUT_MS) / more.milliseconds)));
  const timed = await measured(arch, tiles, 2);
  yield { type: 'progress', what, done: 3, total: 4 };
  const answering = await answeringMs(arch, Math.min(tiles, 8));
  const epochSeconds = (train * (timed.milliseconds / tiles) + val * answering) / 1000;
  const { bytes } = totalCost(arch);
  return {
    epochSeconds,
    seconds: epochs * epochSeconds,
    memory,
    kept: { network: bytes, checkpoint: 4 * bytes },
    measured: tiles,
  };
}

interface Measured {
  /** Of a step. */
  readonly tiles: number;
  /** Of the last step. */
  readonly milliseconds: number;
  readonly peak: number | null;
  readonly most: number;
}

/** One step that pays for what is set up once, and some more. */
async function measured(arch: AnyArch, tiles: number, steps: number): Promise<Measured> {
  const pace = paceSteps(arch, tiles, 4);
  try {
    await pace.step();
    forgetPeak();
    let milliseconds = 0;
    for (let i = 0; i < steps; i++) {
      const began = performance.now();
      await pace.step();
      milliseconds = performance.now() - began;
    }
    const memory = memoryPeak();
    return { tiles, milliseconds, peak: memory?.peak ?? null, most: memory?.most ?? 0 };
  } finally {
    await pace.end();
  }
}

/** Memory of a step of `batch` tiles: what one more tile took, so many times. */
function memoryOf(few: Measured, more: Measured, batch: number): TrainingCost['memory'] {
  if (few.peak === null || more.peak === null) return null;
  const perTile = more.tiles > few.tiles ? (more.peak - few.peak) / (more.tiles - few.tiles) : 0;
  return { bytes: Math.ceil(ROOM * (more.peak + (batch - more.tiles) * perTile)), most: few.most };
}

/** Milliseconds to answer a tile. */
async function answeringMs(arch: AnyArch, tiles: number): Promise<number> {
  const { size, channels } = arch.input;
  const network = openClassifier({ arch, params: initialParams(arch, 1) });
  const ask = async () => {
    const rows = tf.tidy(() => network.logits(tf.zeros([tiles, size, size, channels])));
    await rows.data();
    rows.dispose();
  };
  try {
    await ask();
    const began = performance.now();
    await ask();
    return (performance.now() - began) / tiles;
  } finally {
    network.dispose();
  }
}

function tooLarge(arch: AnyArch, { batch }: TrainingPlan, few: Measured, more: Measured): BadInput {
  const bytesOf = (tiles: number) => memoryOf(few, more, tiles)!.bytes;
  let fits = batch;
  while (fits > 0 && bytesOf(fits) > few.most) fits--;
  const { size } = arch.input;
  const needs = `To train ${arch.id} on ${batch} tiles of ${size}×${size} at a time takes ${gigabytes(bytesOf(batch))} of memory, and its engine can have ${gigabytes(few.most)}`;
  return new BadInput(
    fits > 0
      ? `${needs}: take batches of ${fits} at most, smaller tiles or a smaller network.`
      : `${needs}; even one tile at a time is too much: take smaller tiles or a smaller network.`,
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
