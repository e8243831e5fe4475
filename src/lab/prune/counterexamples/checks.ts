/**
 * The named counter-examples beside the right way, on one opened network (science §3.6 and §5): the same hidden neurons
 * removed with three cascades, and the same share of a convolution's channels removed as whole fields and singly.
 */
import { BadInput } from '../../errors';
import { logitsFromFeatures } from '../../evaluate/features';
import { checkTurns, turnedLogits } from '../../evaluate/quarterTurns';
import { type Confusion, confusionOf } from '../../evaluate/report/confusion';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Stage } from '../../stage/events';
import { GROUPS } from '../../symmetry/group';
import { maskFields } from '../fields/extract';
import { fieldSaliencies } from '../fields/prune';
import { keptByRatio } from '../fields/rank';
import { fieldStatistics } from '../fields/statistics';
import { CASCADES, type Cascade } from '../neurons/cascade';
import { type PruneChoice, prune } from '../neurons/prune';
import type { HeadCheck, Study } from '../neurons/study';
import { type ChangedTiles, changedRows, changedTiles, decisionsOf, MOST_CHANGED } from './changed';
import { silence } from './channels';
import { type Inside, insideOf } from './inside';

/** By how the next layer follows the removed neurons; on the study's validation tiles. */
export interface CascadeChecks extends Readonly<Record<Cascade, HeadCheck & { readonly naming: Naming }>> {
  /** Tiles to which the misaligned network gives another answer than the aligned one, and both from inside on those shown. */
  readonly changed: ChangedTiles;
  readonly inside: Inside;
}

/** How the classes are called: a network may tell them apart and yet give each another one's name. */
export interface Naming {
  readonly classes: number;
  /** Tiles by their class, then by the answer they get, upright. */
  readonly counts: Confusion;
  /** Share of tiles with the answer that is most common for their class, upright. */
  readonly consistent: number;
  /** The wrong answer that most tiles of a class get; null where none is wrong. */
  readonly swap: {
    readonly label: number;
    readonly answer: number;
    readonly tiles: number;
    readonly of: number;
  } | null;
}

/** answers, labels: class indices of the same tiles. */
export function namingOf(answers: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Naming {
  const counts = confusionOf(labels, answers, classes);
  let swap: Naming['swap'] = null;
  for (const [label, row] of counts.entries()) {
    const of = row.reduce((sum, each) => sum + each, 0);
    for (const [answer, tiles] of row.entries())
      if (answer !== label && tiles > (swap?.tiles ?? 0)) swap = { label, answer, tiles, of };
  }
  const consistent = counts.reduce((sum, row) => sum + Math.max(...row), 0) / labels.length;
  return { classes, counts, consistent, swap };
}

/** Prunes three times over and checks each network. */
export async function cascadeChecks(study: Study, choice: PruneChoice): Promise<CascadeChecks> {
  const { labels } = study.turns[0];
  const { classes } = study.model.arch;
  const each = {} as Record<Cascade, Pruned>;
  for (const cascade of CASCADES) {
    const { model } = prune(study.model, { ...choice, cascade }, study.statistics);
    const logits: Float32Array[] = [];
    for (const { values } of study.turns) logits.push(await logitsFromFeatures(model, values));
    const decided = decisionsOf(logits, classes);
    const naming = namingOf(decided[0].answers, labels, classes);
    each[cascade] = { model, decided, check: { ...checkTurns(logits, labels, classes), naming } };
  }
  const { aligned, misaligned, 're-initialised': fresh } = each;
  const rows = changedRows(study, aligned.decided, misaligned.decided, false);
  const shown = Uint32Array.from(rows.slice(0, MOST_CHANGED), (row) => study.tiles[row]);
  return {
    aligned: aligned.check,
    misaligned: misaligned.check,
    're-initialised': fresh.check,
    changed: changedTiles(study, rows, aligned.decided, misaligned.decided),
    inside: await insideOf(study, shown, aligned.model, misaligned.model),
  };
}

interface Pruned {
  readonly model: GcnnModel;
  readonly decided: ReturnType<typeof decisionsOf>;
  readonly check: CascadeChecks[Cascade];
}

/** A network, whole or with channels gone, on the study's validation tiles. */
export interface OrbitCheck {
  /** Upright. */
  readonly accuracy: number;
  /** Decided tiles that get another answer at some quarter turn, and tiles too close to call. */
  readonly changed: number;
  readonly undecided: number;
  /** Equivariance error of the logits over the quarter turns. */
  readonly error: number;
}

export interface OrbitChecks {
  readonly tiles: number;
  /** Of the first convolution. */
  readonly fields: number;
  readonly channels: number;
  /** Channels that went: one of each field, and, of the other network, those of whole fields. */
  readonly removedSingly: number;
  readonly removedAsFields: number;
  readonly whole: OrbitCheck;
  readonly asFields: OrbitCheck;
  readonly singly: OrbitCheck;
  /** Tiles that change their answer as they turn where channels went singly. */
  readonly turning: ChangedTiles;
}

/** The convolution that loses channels: the one whose filters can be looked at. */
const BLOCK = 1;

/**
 * Of the first convolution one channel of each field goes, a petal off every flower; and from another copy of the network
 * as large a share as whole fields, those with the least variance. Throws `BadInput` for a network without a symmetry to
 * break.
 */
export async function* orbitChecks(study: Study, seed: number): Stage<OrbitChecks> {
  const { model, tiles, dataset, splits, turns, baseline } = study;
  const { group, blocks, classes } = model.arch;
  if (group === 'C1') throw new BadInput('This network has no symmetry to break; open an equivariant one.');
  const { order } = GROUPS[group];
  const { fields } = blocks[BLOCK - 1];
  const petals = Uint32Array.from({ length: fields }, (_, field) => field * order);
  const statistics = yield* fieldStatistics(model, dataset, splits.train);
  const saliencies = fieldSaliencies(model, { method: 'variance', seed }, statistics);
  const kept = keptByRatio(saliencies, 1 / order, [BLOCK]);
  const { labels } = turns[0];
  const onTurns = (logits: readonly Float32Array[]) => ({
    check: orbitCheck(checkTurns(logits, labels, classes)),
    decided: decisionsOf(logits, classes),
  });
  const asFields = onTurns(yield* turnedLogits(maskFields(model, kept), dataset, tiles));
  const singly = onTurns(yield* turnedLogits(silence(model, BLOCK, petals), dataset, tiles));
  const rows = changedRows(study, asFields.decided, singly.decided, true);
  return {
    tiles: tiles.length,
    fields,
    channels: fields * order,
    removedSingly: fields,
    removedAsFields: (fields - kept[BLOCK - 1].length) * order,
    whole: orbitCheck(baseline),
    asFields: asFields.check,
    singly: singly.check,
    turning: changedTiles(study, rows, asFields.decided, singly.decided),
  };
}

const orbitCheck = ({ accuracy, changed, undecided, error }: HeadCheck): OrbitCheck => ({
  ...{ accuracy, changed, undecided, error },
});
