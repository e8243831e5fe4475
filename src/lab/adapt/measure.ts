/**
 * How equivariant a network is, on tiles in all positions of a group, as it answers (running statistics, no dropout): each
 * R exactly, the mean over g ≠ e; the accuracy in every position; and how many tiles get the same answer in all of them.
 */
import type { Dataset } from '../data/dataset';
import { type Agreement, accuracyOf, agreementOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { openClassifier } from '../families/networks';
import { requireFinite } from '../finite';
import { chunks, INFERENCE_BATCH, tileBatch } from '../nn/batch';
import { uploadParams } from '../nn/live';
import type { AnyModel } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { GROUPS, type Group } from '../symmetry/group';
import { labelsOf } from '../train/problem';
import { mapSource } from './fieldAction';
import { PENALTIES } from './penalties';
import type { PenaltyId } from './penalties/names';
import { mapsLayer, REFUSALS } from './penalties/refusals';

/** R of each kind; null where a network has none of this kind. */
export type Discrepancies = Readonly<Record<PenaltyId, number | null>>;

export interface Symmetry {
  /** On the tiles as they are. */
  readonly accuracy: number;
  /** At the four quarter turns, and over them. */
  readonly turned: readonly number[];
  readonly agreement: number;
  readonly changed: number;
  readonly undecided: number;
  /** Mean accuracy over the positions of the group, and the agreement over them. */
  readonly moved: { readonly accuracy: number } & Agreement;
  readonly discrepancies: Discrepancies;
}

/** Measures a network on the chosen tiles under a group. */
export async function* symmetryOf(
  model: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
  group: Group,
): Stage<Symmetry> {
  const all = GROUPS.D4.elements;
  const wanted = [...new Set([...GROUPS.C4.elements, ...group.elements].map((each) => indexIn(all, each)))];
  const hasFeatures = REFUSALS.features(model.arch, group) === null;
  const logits = new Map(wanted.map((k) => [k, new Float32Array(tiles.length * model.arch.classes)]));
  const layer = hasFeatures ? mapsLayer(model.arch) : null;
  let [featureSum, featureCount] = [0, 0];
  const network = openClassifier(model);
  try {
    let done = 0;
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const maps = new Map<number, Float32Array>();
      let shape: readonly number[] = [];
      for (const k of wanted) {
        const isIn = group.elements.some((each) => indexIn(all, each) === k);
        const seen: tf.Tensor[] = [];
        const answer = tf.tidy(() =>
          network.logits(tileBatch(dataset, piece, model.normalisation, all[k]), (name, value) => {
            if (name === layer && isIn) seen.push(tf.keep(tf.clone(value)));
          }),
        );
        logits.get(k)!.set((await answer.data()) as Float32Array, done * model.arch.classes);
        answer.dispose();
        for (const each of seen) {
          shape = each.shape;
          maps.set(
            k,
            requireFinite(Float32Array.from((await each.data()) as Float32Array), `What ${layer} leaves`),
          );
          each.dispose();
        }
      }
      if (layer !== null) {
        const [sum, count] = featureDistance(maps, shape, group, all);
        featureSum += sum;
        featureCount += count;
      }
      done += piece.length;
      yield { type: 'progress', what: 'positions', done, total: tiles.length };
      await breathe();
    }
  } finally {
    network.dispose();
  }
  const labels = labelsOf(dataset, tiles);
  const decided = new Map([...logits].map(([k, each]) => [k, decide(each, model.arch.classes)]));
  const over = (elements: Group['elements']) => {
    const chosen = elements.map((each) => decided.get(indexIn(all, each))!);
    const agreement = agreementOf(
      chosen.map(({ answers }) => answers),
      chosen.map(({ undecided }) => undecided),
    );
    return { accuracies: chosen.map(({ answers }) => accuracyOf(answers, labels)), agreement };
  };
  const [quarters, moved] = [over(GROUPS.C4.elements), over(group.elements)];
  return {
    accuracy: quarters.accuracies[0],
    turned: quarters.accuracies,
    ...quarters.agreement,
    moved: { accuracy: mean(moved.accuracies), ...moved.agreement },
    discrepancies: {
      logits: logitDistance(group.elements.map((each) => logits.get(indexIn(all, each))!)),
      features: layer === null || featureCount === 0 ? null : featureSum / featureCount,
      weights: await weightDistance(model, group),
    },
  };
}

const indexIn = (all: Group['elements'], { turns, mirror }: Group['elements'][number]): number =>
  all.findIndex((each) => each.turns === turns && each.mirror === mirror);

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** logits: for each element, the identity first. */
function logitDistance([upright, ...turned]: readonly Float32Array[]): number {
  let sum = 0;
  for (const each of turned) for (let i = 0; i < each.length; i++) sum += (each[i] - upright[i]) ** 2;
  return turned.length === 0 ? 0 : sum / (turned.length * upright.length);
}

/** The sum of squares, and of how many numbers. */
function featureDistance(
  maps: ReadonlyMap<number, Float32Array>,
  [tiles, size, , channels]: readonly number[],
  group: Group,
  all: Group['elements'],
): [number, number] {
  const upright = maps.get(0)!;
  const each = upright.length / tiles;
  let [sum, count] = [0, 0];
  for (let k = 1; k < group.order; k++) {
    const turned = maps.get(indexIn(all, group.elements[k]))!;
    const source = mapSource(size, channels, group, k);
    for (let n = 0; n < tiles; n++) {
      for (let i = 0; i < each; i++) sum += (turned[n * each + i] - upright[n * each + source[i]]) ** 2;
    }
    count += turned.length;
  }
  return [sum, count];
}

async function weightDistance({ arch, params, int8 }: AnyModel, group: Group): Promise<number | null> {
  if (int8 || REFUSALS.weights(arch, group) !== null) return null;
  const tensors = uploadParams(params);
  const value = tf.tidy(() => PENALTIES.weights.prepare(arch, group)({ params: tensors, answers: null }));
  try {
    return (await value.data())[0];
  } finally {
    tf.dispose([value, ...Object.values(tensors)]);
  }
}
