/** Two networks that differ behind their hidden neurons alone, layer by layer on the same tiles: maps, neurons, votes. */
import { largestDifference, largestOf } from '../../evaluate/difference';
import type { GcnnModel } from '../../families/gcnn/model';
import { openGcnn } from '../../families/gcnn/network';
import { tileBatch } from '../../nn/batch';
import * as tf from '../../runtime/tf';
import { GROUPS } from '../../symmetry/group';
import type { Study } from '../neurons/study';

/** The largest difference of the two networks in a layer, on the tiles shown, by the layer's largest value. */
export interface LayerDifference {
  readonly layer: string;
  readonly difference: number;
}

/** What a layer makes of each tile: of its field that answers most, the largest of all seats at each place. */
export interface LayerMaps {
  readonly layer: string;
  readonly size: number;
  /** tiles × size × size. */
  readonly maps: Float32Array;
}

export interface Inside {
  readonly classes: number;
  /** Hidden neurons that both have. */
  readonly units: number;
  readonly layers: readonly LayerMaps[];
  /** By layer, in order: convolutions, hidden neurons, answers. */
  readonly differences: readonly LayerDifference[];
  /** tiles × units. */
  readonly hidden: Float32Array;
  /** What the last layer reads a neuron with: units × classes, and what it adds by itself. */
  readonly right: LastLayer;
  readonly wrong: LastLayer;
}

export interface LastLayer {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** tiles: dataset indices. */
export async function insideOf(
  { dataset }: Pick<Study, 'dataset'>,
  tiles: Uint32Array,
  right: GcnnModel,
  wrong: GcnnModel,
): Promise<Inside> {
  const { arch, normalisation } = right;
  const order = GROUPS[arch.group].order;
  const [own, other] = [await layersOf(right), await layersOf(wrong)];
  const values = new Map(other.map(({ layer, data }) => [layer, data]));
  return {
    classes: arch.classes,
    units: arch.head.hidden,
    layers: own
      .filter(({ layer }) => /^block\d/.test(layer))
      .map(({ layer, data, size, width }) => ({
        layer,
        size,
        maps: strongest(data, { tiles: tiles.length, size, width, order }),
      })),
    differences: own.map(({ layer, data }) => ({
      layer,
      difference: largestDifference(data, values.get(layer)!) / (largestOf(data) || 1),
    })),
    hidden: own.find(({ layer }) => layer === 'hidden')!.data,
    right: lastOf(right),
    wrong: lastOf(wrong),
  };

  async function layersOf(model: GcnnModel): Promise<Layer[]> {
    if (tiles.length === 0) return EMPTY;
    const network = openGcnn(model);
    const kept: { readonly layer: string; readonly value: tf.Tensor }[] = [];
    try {
      tf.tidy(() => {
        network.logits(tileBatch(dataset, tiles, normalisation), (layer, value) => {
          if (layer !== 'group pooling') kept.push({ layer, value: tf.keep(tf.clone(value)) });
        });
      });
      return await Promise.all(
        kept.map(async ({ layer, value }) => ({
          layer,
          data: Float32Array.from(await value.data()),
          size: value.shape[1] ?? 1,
          width: value.shape.at(-1)!,
        })),
      );
    } finally {
      tf.dispose(kept.map(({ value }) => value));
      network.dispose();
    }
  }
}

interface Layer {
  readonly layer: string;
  readonly data: Float32Array;
  readonly size: number;
  readonly width: number;
}

const EMPTY: Layer[] = [{ layer: 'hidden', data: new Float32Array(), size: 0, width: 0 }];

const lastOf = ({ params }: GcnnModel): LastLayer => ({
  weights: Float32Array.from(params['dense2.weight'].data),
  bias: Float32Array.from(params['dense2.bias'].data),
});

interface Shape {
  readonly tiles: number;
  readonly size: number;
  /** Fields × seats. */
  readonly width: number;
  readonly order: number;
}

function strongest(data: Float32Array, { tiles, size, width, order }: Shape): Float32Array {
  const pixels = size * size;
  const out = new Float32Array(tiles * pixels);
  for (let tile = 0; tile < tiles; tile++) {
    const from = tile * pixels;
    const sums = new Float64Array(width / order);
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < width; c++) sums[Math.floor(c / order)] += data[(from + p) * width + c];
    const field = sums.indexOf(Math.max(...sums));
    for (let p = 0; p < pixels; p++) {
      const at = (from + p) * width + field * order;
      out[from + p] = Math.max(...data.subarray(at, at + order));
    }
  }
  return out;
}
