/**
 * How equivariant a network is, on tiles in all positions of a group, as it answers (running statistics, no dropout): each
 * R exactly, the mean over g ≠ e; the accuracy in every position; and how many tiles get the same answer in all of them.
 */
import type { Dataset } from '../data/dataset';
import { type Agreement, accuracyOf, agreementOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { relativeDifference } from '../evaluate/difference';
import type { Classifier } from '../families/family';
import { openClassifier } from '../families/networks';
import { requireFinite } from '../finite';
import { chunks, INFERENCE_BATCH, tileBatch } from '../nn/batch';
import { uploadParams } from '../nn/live';
import type { AnyModel } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { type Element, GROUPS, type Group } from '../symmetry/group';
import { labelsOf } from '../train/problem';
import { mapSource } from './fieldAction';
import { PENALTIES } from './penalties';
import type { PenaltyId } from './penalties/names';
import { mapLayers, REFUSALS } from './penalties/refusals';

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
  /** Equivariance error of the logits over those positions: max |f(g·x) − f(x)| / max |f(x)|. */
  readonly error: number;
  readonly discrepancies: Discrepancies;
}

/** Measures a network on the chosen tiles under a group. */
export async function* symmetryOf(
  model: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
  group: Group,
): Stage<Symmetry> {
  const { logits, features } = yield* answersInPositions(model, dataset, tiles, group);
  const labels = labelsOf(dataset, tiles);
  const decided = new Map([...logits].map(([k, each]) => [k, decide(each, model.arch.classes)]));
  const over = (elements: Group['elements']) => {
    const chosen = elements.map((each) => decided.get(indexOf(each))!);
    const agreement = agreementOf(
      chosen.map(({ answers }) => answers),
      chosen.map(({ undecided }) => undecided),
    );
    return { accuracies: chosen.map(({ answers }) => accuracyOf(answers, labels)), agreement };
  };
  const [quarters, moved] = [over(GROUPS.C4.elements), over(group.elements)];
  const ofGroup = group.elements.map((each) => logits.get(indexOf(each))!);
  return {
    accuracy: quarters.accuracies[0],
    turned: quarters.accuracies,
    ...quarters.agreement,
    moved: { accuracy: mean(moved.accuracies), ...moved.agreement },
    error: logitError(ofGroup),
    discrepancies: {
      logits: logitDistance(ofGroup),
      features,
      weights: await weightDistance(model, group),
    },
  };
}

/** Every position that is looked at is one of these. */
const POSITIONS = GROUPS.D4.elements;

const indexOf = ({ turns, mirror }: Element): number =>
  POSITIONS.findIndex((each) => each.turns === turns && each.mirror === mirror);

interface Answers {
  /** Tiles × classes, by position. */
  readonly logits: ReadonlyMap<number, Float32Array>;
  /** R of the features; null where the network has none. */
  readonly features: number | null;
}

/** The answers to all tiles in the quarter turns and in every position of the group. */
async function* answersInPositions(
  model: AnyModel,
  dataset: Dataset,
  tiles: Uint32Array,
  group: Group,
): Stage<Answers> {
  const { arch, normalisation } = model;
  const own = group.elements.map(indexOf);
  const wanted = [...new Set([...GROUPS.C4.elements.map(indexOf), ...own])];
  const layers = REFUSALS.features(arch, group) === null ? mapLayers(arch) : [];
  const logits = new Map(wanted.map((k) => [k, new Float32Array(tiles.length * arch.classes)]));
  const network = openClassifier(model);
  const sums = layers.map(() => 0);
  const counts = layers.map(() => 0);
  let done = 0;
  try {
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const seen: (readonly SeenMaps[])[] = [];
      for (const k of wanted) {
        const x = () => tileBatch(dataset, piece, normalisation, POSITIONS[k]);
        const pass = await passOf(network, x, own.includes(k) ? layers : []);
        logits.get(k)!.set(pass.answers, done * arch.classes);
        if (own.includes(k)) seen[own.indexOf(k)] = pass.seen;
      }
      for (const i of layers.keys()) {
        const maps = seen.map((each) => each[i]);
        sums[i] += featureDistance(maps, group);
        counts[i] += (group.order - 1) * maps[0].data.length;
      }
      done += piece.length;
      yield { type: 'progress', what: 'positions', done, total: tiles.length };
      await breathe();
    }
  } finally {
    network.dispose();
  }
  return { logits, features: layers.length === 0 ? null : mean(sums.map((sum, i) => sum / counts[i])) };
}

interface SeenMaps {
  /** [N, s, s, C] */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One batch through the network; `layers`: whose maps are wanted as well, in this order. */
async function passOf(network: Classifier, x: () => tf.Tensor4D, layers: readonly string[]) {
  const kept = new Map<string, tf.Tensor>();
  const logits = tf.tidy(() =>
    network.logits(x(), (name, value) => {
      if (layers.includes(name)) kept.set(name, tf.keep(tf.clone(value)));
    }),
  );
  try {
    const answers = Float32Array.from((await logits.data()) as Float32Array);
    const seen: SeenMaps[] = [];
    for (const layer of layers) {
      const maps = kept.get(layer)!;
      const data = Float32Array.from((await maps.data()) as Float32Array);
      seen.push({ shape: maps.shape, data: requireFinite(data, `What ${layer} leaves`) });
    }
    return { answers, seen };
  } finally {
    tf.dispose([logits, ...kept.values()]);
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** logits: for each element, the identity first. */
function logitDistance([upright, ...turned]: readonly Float32Array[]): number {
  let sum = 0;
  for (const each of turned) for (let i = 0; i < each.length; i++) sum += (each[i] - upright[i]) ** 2;
  return turned.length === 0 ? 0 : sum / (turned.length * upright.length);
}

/** logits: for each element, the identity first. */
function logitError([upright, ...turned]: readonly Float32Array[]): number {
  return Math.max(0, ...turned.map((each) => relativeDifference(each, upright)));
}

/** The sum of squares. maps: for each element, the identity first. */
function featureDistance([upright, ...others]: readonly SeenMaps[], group: Group): number {
  const [tiles, size, , channels] = upright.shape;
  const each = upright.data.length / tiles;
  let sum = 0;
  others.forEach(({ data }, i) => {
    const source = mapSource(size, channels, group, i + 1);
    for (let n = 0; n < tiles; n++) {
      for (let at = 0; at < each; at++) {
        sum += (data[n * each + at] - upright.data[n * each + source[at]]) ** 2;
      }
    }
  });
  return sum;
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
