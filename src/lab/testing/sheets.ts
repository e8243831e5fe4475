/** A sheet made by hand, of four neurons and three classes, for tests of what reads sheets. */
import { TOP_TILES } from '../prune/neurons/portraits';
import type { Sheet, SheetCurve } from '../prune/neurons/sheet';

/** upright: accuracy by neurons kept, 0 … 4, at every turn. */
export function handSheet(
  upright: readonly number[],
  dead = [0, 0, 0, 0],
): { sheet: Sheet; curve: SheetCurve } {
  const counts = Uint32Array.from([9, 7, 5, 3, 1]);
  const curve: SheetCurve = {
    method: 'l2',
    compensation: 'none',
    order: Uint32Array.from([2, 0, 3, 1]),
    saliency: Float64Array.from([3, 1, 4, 2]),
    accuracy: Array.from({ length: 4 }, () => Float64Array.from(upright)),
    changed: counts,
    undecided: Uint32Array.from([0, 0, 0, 5, 10]),
    error: Float64Array.from([0, 0.1, 0.2, 0.3, 0.4]),
    // Of tiles 1 and 2, at four turns each: the first changes to class 0 with two neurons gone, the second never does.
    watched: Uint8Array.from([0, 0, 0, 1, 1].flatMap((first) => [0, 1, 2, 3].flatMap(() => [first, 2]))),
  };
  const cost = Float64Array.from([0, 10, 20, 30, 40]);
  const topTiles = new Int32Array(4 * TOP_TILES).fill(-1);
  const topActivations = new Float32Array(4 * TOP_TILES);
  // Neuron 3 responds to tiles 7 and 2; the first has a picture.
  topTiles.set([7, 2], 3 * TOP_TILES);
  topActivations.set([2.5, 0.5], 3 * TOP_TILES);
  const sheet: Sheet = {
    unit: 'neuron',
    ranking: null,
    units: 4,
    layers: [4],
    stops: Uint32Array.of(0, 1, 2, 3),
    tiles: 10,
    ofTiles: 10,
    aim: 10,
    statisticsTiles: 30,
    dead: Uint8Array.from(dead),
    neurons: {
      mean: Float64Array.from([0, 1, 2, 0.75]),
      variance: Float64Array.from([0, 1, 4, 0.5]),
      topTiles,
      topActivations,
      classMeans: Float64Array.from({ length: 12 }, (_, i) => (i === 11 ? Number.NaN : i)),
      weights: Float32Array.from([0, 0, 0, 1, 2, 3, -1, -2, -3, -0.5, 0.25, 0]),
      labels: Uint8Array.from({ length: 10 }, (_, tile) => tile % 3),
      thumbs: {
        size: 1,
        channels: 1,
        rows: Int32Array.from([-1, -1, -1, -1, -1, -1, -1, 0, -1, -1]),
        pixels: Uint8Array.of(200),
      },
    },
    watched: {
      tiles: Uint32Array.of(101, 102),
      labels: Uint8Array.of(1, 2),
      ...{ size: 1, channels: 1, pixels: Uint8Array.of(10, 20) },
    },
    params: cost,
    bytes: cost,
    exported: cost.map((each) => 2 * each),
    macs: cost,
    curves: [curve],
  };
  return { sheet, curve };
}
