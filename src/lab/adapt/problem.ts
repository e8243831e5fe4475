/**
 * The problem of equivariant fine-tuning: L = CE + λ·R (penalties/), or CE alone, upright or on tiles that are turned at
 * random. Where R turns tiles, each goes through the network twice in one batch, as it is and turned by an element of its
 * own that is drawn anew each time: norms see both, and the mean of R over many steps is that over the group.
 */
import type { Dataset } from '../data/dataset';
import type { TrainedLogits } from '../families/family';
import { traineeOf } from '../families/networks';
import { normalisedTiles } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import { once } from '../once';
import * as tf from '../runtime/tf';
import type { Group } from '../symmetry/group';
import { crossEntropy } from '../train/loss';
import { labelsOf, type Problem, pictureProblem } from '../train/problem';
import { PENALTIES } from './penalties';
import type { PenaltyId } from './penalties/names';
import type { PenaltyBatch } from './penalties/penalty';
import { drawElements, turnEach } from './turnedTiles';

/** How a network is adapted. */
export interface Adapting {
  readonly group: Group;
  /** R, and how much it counts; 0: not at all, and it is not computed. */
  readonly penalty: PenaltyId;
  readonly lambda: number;
  /** Whether the tiles that teach are turned by a random element of the group, each anew every time. */
  readonly augment: boolean;
}

export function adaptProblem(
  { arch, normalisation }: Pick<AnyModel, 'arch' | 'normalisation'>,
  dataset: Dataset,
  train: Uint32Array,
  validation: Uint32Array,
  { group, penalty: id, lambda, augment }: Adapting,
): Problem {
  const plain = pictureProblem(arch, dataset, normalisation, train, validation);
  const trainee = traineeOf(arch);
  const { turnsTiles, prepare } = PENALTIES[id];
  const penalise = lambda > 0 ? prepare(arch, group) : null;
  const { size, channels } = dataset;
  return {
    ...plain,
    loss: (params, rows, mask, draw) => {
      const indices = rows.map((row) => train[row]);
      const labels = labelsOf(dataset, indices);
      const asTheyAre = normalisedTiles(dataset, indices, normalisation);
      const shown = augment
        ? turnEach(asTheyAre, size, channels, group, drawElements(rows.length, group, true, draw))
        : asTheyAre;
      const x = tf.tensor4d(shown, [rows.length, size, size, channels]);
      if (!penalise || !turnsTiles) {
        const { logits, moments } = trainee.train(params, x, mask);
        const task = crossEntropy(logits, labels);
        return penalise
          ? withPenalty(task, penalise({ params, answers: null }), lambda, moments)
          : { loss: task, moments };
      }
      const elements = drawElements(rows.length, group, false, draw);
      const turned = tf.tensor4d(turnEach(shown, size, channels, group, elements), x.shape);
      const both = trainee.train(params, tf.concat([x, turned]), mask && tf.concat([mask, mask]));
      const answers = halves(both, elements);
      const task = crossEntropy(answers.upright.logits, labels);
      return withPenalty(task, penalise({ params, answers }), lambda, both.moments);
    },
  };
}

function withPenalty(
  task: tf.Scalar,
  penalty: tf.Scalar,
  lambda: number,
  moments: ReturnType<Problem['loss']>['moments'],
) {
  return { loss: tf.add(task, tf.mul(penalty, lambda)) as tf.Scalar, penalty, moments };
}

/** What a batch of tiles and then their turned copies came to. */
function halves(
  { logits, maps }: Pick<TrainedLogits, 'logits' | 'maps'>,
  elements: Uint8Array,
): NonNullable<PenaltyBatch['answers']> {
  const both = maps && once(() => maps().map((each) => tf.split(each, 2) as tf.Tensor4D[]));
  const [upright, turned] = (tf.split(logits, 2) as tf.Tensor2D[]).map((each, half) => ({
    logits: each,
    ...(both && { maps: () => both().map((halved) => halved[half]) }),
  }));
  return { upright, turned, elements };
}
