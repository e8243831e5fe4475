/** Equivariance of networks drawn at random, every layer, to rounding. */
import { expect } from 'vitest';
import { largestOf } from '../evaluate/difference';
import { layerDifferences } from '../evaluate/equivariance';
import type { RunModel } from '../nn/model';

/**
 * Rounding errors are carried along: an activation may leave next to nothing of a layer, whose errors then are those of
 * what it was computed from. So a difference is held against the largest value up to that layer, the tiles among them.
 *
 * @param tiles N × size × size × channels, normalised.
 */
export async function expectEquivariant(model: RunModel, tiles: Float32Array): Promise<void> {
  let largest = largestOf(tiles);
  for (const { layer, difference, range } of await layerDifferences(model, tiles)) {
    largest = Math.max(largest, range);
    expect(difference, layer).toBeLessThanOrEqual(1e-5 * largest);
  }
}
