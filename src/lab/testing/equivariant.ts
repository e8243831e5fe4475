/** Equivariance of networks drawn at random, every layer, to rounding. */
import { expect } from 'vitest';
import { layerDifferences } from '../evaluate/equivariance';
import type { RunModel } from '../nn/model';

/**
 * Rounding errors of a layer are as large as what it is computed from allows: an activation may leave next to nothing of
 * it, so its difference is held against the larger of its own range and that of the layer before.
 *
 * @param tiles N × size × size × channels, normalised.
 */
export async function expectEquivariant(model: RunModel, tiles: Float32Array): Promise<void> {
  let before = 0;
  for (const { layer, difference, range } of await layerDifferences(model, tiles)) {
    expect(difference, layer).toBeLessThanOrEqual(1e-5 * Math.max(range, before));
    before = range;
  }
}
