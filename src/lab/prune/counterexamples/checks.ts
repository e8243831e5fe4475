/**
 * The named counter-examples beside the right way, on one opened network (science §3.6 and §5): the same hidden neurons
 * removed with three cascades, and the same share of convolution channels removed as whole fields and singly.
 */
import { BadInput } from '../../errors';
import { decide } from '../../evaluate/decide';
import { logitsFromFeatures } from '../../evaluate/features';
import type { Stage } from '../../stage/events';
import { GROUPS } from '../../symmetry/group';
import { CASCADES, type Cascade } from '../neurons/cascade';
import { type PruneChoice, prune } from '../neurons/prune';
import { checkHead, type HeadCheck, type Study } from '../neurons/study';
import { type CounterExample, pruneChannels } from './channels';

/** By how the next layer follows the removed neurons; on the study's validation tiles. */
export type CascadeChecks = Readonly<Record<Cascade, HeadCheck & { readonly naming: Naming }>>;

/** How the classes are called: a network may tell them apart and yet give each another one's name. */
export interface Naming {
  readonly classes: number;
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
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][answers[i]]++;
  let swap: Naming['swap'] = null;
  for (const [label, row] of counts.entries()) {
    const of = row.reduce((sum, each) => sum + each, 0);
    for (const [answer, tiles] of row.entries())
      if (answer !== label && tiles > (swap?.tiles ?? 0)) swap = { label, answer, tiles, of };
  }
  const consistent = counts.reduce((sum, row) => sum + Math.max(...row), 0) / labels.length;
  return { classes, consistent, swap };
}

/** Prunes three times over and checks each network. */
export async function cascadeChecks(study: Study, choice: PruneChoice): Promise<CascadeChecks> {
  const checks: Partial<Record<Cascade, CascadeChecks[Cascade]>> = {};
  const [{ values, labels }] = study.turns;
  const { classes } = study.model.arch;
  for (const cascade of CASCADES) {
    const { model } = prune(study.model, { ...choice, cascade }, study.statistics);
    const { answers } = decide(await logitsFromFeatures(model, values), classes);
    checks[cascade] = {
      ...(await checkHead(study.turns, model)),
      naming: namingOf(answers, labels, classes),
    };
  }
  return checks as CascadeChecks;
}

/** A network, whole or with channels gone, on the study's validation tiles. */
export interface OrbitCheck {
  /** Upright. */
  readonly accuracy: number;
  /** Decided tiles that get another answer at some quarter turn, and tiles too close to call. */
  readonly changed: number;
  readonly undecided: number;
  /** Equivariance error of the logits. */
  readonly error: number;
}

export interface OrbitChecks {
  readonly tiles: number;
  /** The convolution that lost channels, from 1. */
  readonly block: number;
  readonly removedChannels: number;
  readonly channels: number;
  /** Fields that lost some of their channels, but not all. */
  readonly brokenFields: number;
  readonly whole: OrbitCheck;
  readonly fields: OrbitCheck;
  readonly singly: OrbitCheck;
}

/** Share of the last convolution's channels that go. */
const RATIO = 0.5;

/**
 * Half of the last convolution's channels removed as fields and singly, by variance: all channels of a field have one
 * norm, so a norm would take fields whole by itself. Throws `BadInput` for a network without a symmetry to break.
 */
export async function* orbitChecks(study: Study, seed: number): Stage<OrbitChecks> {
  const { model, tiles, dataset, splits } = study;
  const { group, blocks } = model.arch;
  if (group === 'C1') throw new BadInput('This network has no symmetry to break; open an equivariant one.');
  const block = blocks.length;
  const choice = { method: 'variance', ratio: RATIO, block, seed } as const;
  const found = yield* pruneChannels(model, dataset, { ...splits, val: tiles }, choice);
  return {
    tiles: tiles.length,
    block,
    removedChannels: found.removed.length,
    channels: blocks[block - 1].fields * GROUPS[group].order,
    brokenFields: found.brokenFields,
    whole: orbitCheck(found.whole),
    fields: orbitCheck(found.fields),
    singly: orbitCheck(found.channels),
  };
}

function orbitCheck({ angles, changed, undecided, equivarianceError }: CounterExample['whole']): OrbitCheck {
  return { accuracy: angles[0].accuracy, changed, undecided, error: equivarianceError.at(-1)!.max };
}
