/**
 * What every penalty R has to say of itself. A penalty is one file in this folder and a line in index.ts: how far a network
 * is from equivariant, differentiable, for the loss L = CE + λ·R of equivariant fine-tuning.
 */
import type { TrainedLogits } from '../../families/family';
import type { AnyArch } from '../../nn/arch';
import type { Tensors } from '../../nn/live';
import type * as tf from '../../runtime/tf';
import type { Group } from '../../symmetry/group';

export interface Penalty {
  /** What R is, in a few words. */
  readonly title: string;
  /** Whether turned copies of the tiles go through the network; else R is of the weights alone. */
  readonly turnsTiles: boolean;
  /** R for one architecture and group, which has one (refusals.ts): what it needs beforehand is computed once. */
  prepare(arch: AnyArch, group: Group): PreparedPenalty;
}

/** R of a batch, a scalar. */
export type PreparedPenalty = (batch: PenaltyBatch) => tf.Scalar;

/** A batch in front of the network, upright and turned. */
export interface PenaltyBatch {
  readonly params: Tensors;
  /** Of the tiles as they are, and turned, each by its element of the group. Null where no tile was turned. */
  readonly answers: {
    readonly upright: Pick<TrainedLogits, 'logits' | 'maps'>;
    readonly turned: Pick<TrainedLogits, 'logits' | 'maps'>;
    /** Tile by tile: the number of the element. */
    readonly elements: Uint8Array;
  } | null;
}
