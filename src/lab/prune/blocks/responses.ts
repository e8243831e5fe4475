/**
 * What each unit of a transformer's blocks answers to a whole tile, as one number: of a hidden field its largest activation
 * over all tokens and orientations; of a head, how large what it mixes is: the root of the mean square.
 */
import type { Dataset } from '../../data/dataset';
import { tokensOf } from '../../families/vit/layout';
import type { VitModel } from '../../families/vit/model';
import { openVit } from '../../families/vit/network';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { GROUPS } from '../../symmetry/group';
import { startsOf } from './rank';
import { type BlockUnit, unitsOf } from './units';

/** tiles × units, numbered through all blocks. */
export type Responses = Float32Array;

export async function* responsesOf(
  model: VitModel,
  unit: BlockUnit,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<Responses> {
  const { order } = GROUPS[model.arch.group];
  const all = unitsOf(model.arch, unit);
  const starts = startsOf(all.map(({ count }) => count));
  const units = all.reduce((sum, { count }) => sum + count, 0);
  const out = new Float32Array(tiles.length * units);
  const summed = unit === 'mlp' ? largest : rootMeanSquare;
  const network = openVit(model);
  let done = 0;
  try {
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const seen = tf.tidy(() => {
        const values: tf.Tensor2D[] = [];
        const see = (_: number, value: tf.Tensor2D): tf.Tensor2D => {
          values.push(tf.keep(tf.clone(value)) as tf.Tensor2D);
          return value;
        };
        const hooks = unit === 'mlp' ? { hidden: see } : { mixed: see };
        network.run(tileBatch(dataset, piece, model.normalisation), hooks);
        return values;
      });
      for (const [block, tensor] of seen.entries()) {
        const { count, fields } = all[block];
        const values = await tensor.data();
        tensor.dispose();
        const width = fields * order;
        for (let tile = 0; tile < piece.length; tile++) {
          const rows = tokensOf(model.arch);
          for (let u = 0; u < count; u++)
            out[(done + tile) * units + starts[block] + u] = summed(values, {
              ...{ from: tile * rows * count * width + u * width, rows },
              ...{ stride: count * width, width },
            });
        }
      }
      done += piece.length;
      yield { type: 'progress', what: 'activations', done, total: tiles.length };
      await breathe();
    }
    return out;
  } finally {
    network.dispose();
  }
}

/** Where a unit's numbers lie: `width` of them in each row. */
interface Where {
  readonly from: number;
  readonly rows: number;
  readonly stride: number;
  readonly width: number;
}

function largest(values: ArrayLike<number>, { from, rows, stride, width }: Where): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) most = Math.max(most, values[from + row * stride + i]);
  return most;
}

function rootMeanSquare(values: ArrayLike<number>, { from, rows, stride, width }: Where): number {
  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) sum += values[from + row * stride + i] ** 2;
  return Math.sqrt(sum / (rows * width));
}
