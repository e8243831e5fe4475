/** How long a network takes on this device, whatever its weights are. */

import { initialParams } from '../families/init';
import { openClassifier } from '../families/networks';
import type { AnyArch } from '../nn/arch';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';

/** Tiles in a timed run, runs at most, and the time after which no further run starts. */
const TILES = 16;
const RUNS = 15;
const ENOUGH_MS = 400;

/**
 * Seconds per tile of one forward pass of each architecture, medians of runs made in turn, so that
 * whatever else the device does meets all of them. `clock`: milliseconds, by default those that pass.
 */
export async function latencies(
  archs: readonly AnyArch[],
  clock: () => number = () => performance.now(),
): Promise<number[]> {
  const networks = archs.map((arch) => ({
    network: openClassifier({ arch, params: initialParams(arch, 1) }),
    seconds: [] as number[],
  }));
  const { size, channels } = archs[0].input;
  const tiles = tf.zeros([TILES, size, size, channels]) as tf.Tensor4D;
  try {
    const began = clock();
    // The first run of each pays for what is set up once.
    for (let run = 0; run <= RUNS; run++) {
      if (run > 1 && clock() - began > ENOUGH_MS * archs.length) break;
      await breathe();
      for (const { network, seconds } of networks) {
        const start = clock();
        const logits = tf.tidy(() => network.logits(tiles));
        await logits.data();
        logits.dispose();
        if (run > 0) seconds.push((clock() - start) / 1000 / TILES);
      }
    }
    return networks.map(({ seconds }) => median(seconds));
  } finally {
    tiles.dispose();
    for (const { network } of networks) network.dispose();
  }
}

/** The middle value; the lower one of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
