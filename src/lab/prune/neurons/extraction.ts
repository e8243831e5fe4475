/**
 * Masked against extracted: the same pruned network twice, once with zeros in place of what was removed, once really
 * smaller. Same answers; only the second saves anything.
 */
import { relativeDifference } from '../../evaluate/difference';
import { logitsFromFeatures } from '../../evaluate/features';
import { median } from '../../evaluate/latency';
import type { GcnnModel } from '../../families/gcnn/model';
import { openHead } from '../../families/gcnn/network';
import { encodeModel } from '../../files/modelFile';
import * as tf from '../../runtime/tf';
import { keptCount, keptUnits, unitCount } from '../units/units';
import { compensate } from './compensate';
import { extract, mask } from './extract';
import { type PruneChoice, pruningOrder } from './prune';
import type { Study } from './study';

export interface Extraction {
  /** Largest difference between the two networks' logits on the validation tiles / largest logit. */
  readonly difference: number;
  readonly tiles: number;
  /** Of the files, as saved. */
  readonly bytes: Both;
  /** Time of the dense layers for one tile on this device, median of repeated runs. */
  readonly seconds: Both;
}

interface Both {
  readonly masked: number;
  readonly extracted: number;
}

/** Tiles in a timed run, runs of each network at most, and the time after which no further run starts. */
const TIMED_TILES = 64;
const RUNS = 15;
const ENOUGH_MS = 150;

export async function measureExtraction(study: Study, choice: PruneChoice): Promise<Extraction> {
  const { model, statistics, turns } = study;
  const order = pruningOrder(model, choice.method, statistics, choice.seed);
  const kept = keptUnits(order, keptCount(unitCount(model), choice.ratio));
  const compensated = compensate(model, kept, choice.compensation, statistics);
  const masked = mask(compensated, kept);
  const extracted = extract(compensated, kept);
  const [{ values, width, labels }] = turns;
  const difference = relativeDifference(
    await logitsFromFeatures(extracted, values),
    await logitsFromFeatures(masked, values),
  );
  const timed = values.subarray(0, Math.min(TIMED_TILES, labels.length) * width);
  return {
    difference,
    tiles: labels.length,
    bytes: { masked: encodeModel(masked).length, extracted: encodeModel(extracted).length },
    seconds: await headSeconds(masked, extracted, timed, width),
  };
}

/** Seconds per tile of both heads, run in turn so that whatever else the device does meets both. */
async function headSeconds(
  masked: GcnnModel,
  extracted: GcnnModel,
  values: Float32Array,
  width: number,
): Promise<Both> {
  const tiles = values.length / width;
  const rows = tf.tensor2d(values, [tiles, width]);
  const heads = [masked, extracted].map((model) => ({
    head: openHead(model),
    seconds: [] as number[],
  }));
  try {
    const began = performance.now();
    // The first run of each pays for what is set up once.
    for (let run = 0; run <= RUNS; run++) {
      if (run > 1 && performance.now() - began > ENOUGH_MS) break;
      for (const { head, seconds } of heads) {
        const start = performance.now();
        const logits = tf.tidy(() => head.logits(head.hidden(rows)));
        await logits.data();
        logits.dispose();
        if (run > 0) seconds.push((performance.now() - start) / 1000 / tiles);
      }
    }
    const [a, b] = heads.map(({ seconds }) => median(seconds));
    return { masked: a, extracted: b };
  } finally {
    rows.dispose();
    for (const { head } of heads) head.dispose();
  }
}
