/** Pruning inside the trunk as the page knows it, and what the controls stand for in it. */
import { create } from 'zustand';
import type { TrunkChoice, TrunkPlan, Tuning } from '../../lab/prune/trunk/choice';
import type { TrunkPoint } from '../../storage/rows';
import type { RankedTrunk } from '../../worker/protocol/results';
import { type Progress, useLab } from '../page/lab';
import { type FieldsForm, type FieldsState, trunkChoiceOf, tuningOf } from './fields';
import { familyOf, pointId } from './trunkPoints';
import type { LiveTuning } from './tuning';

export interface TrunkState {
  /** Of the network on the bench; null until it is ranked. */
  readonly ranked: RankedTrunk | null;
  /** What the controls would remove; null until it is known. */
  readonly plan: TrunkPlan | null;
  /** Why nothing can be removed as the controls say, in words. */
  readonly problem: string | null;
  readonly doing: 'ranking' | 'measuring' | 'tuning' | null;
  readonly progress: Progress | null;
  /** Going on; or about to, when the worker that ended is replaced. */
  readonly tuning: LiveTuning | null;
  /** The point whose fine-tuning has epochs kept that can be gone on with, of those looked for: what is settled on. */
  readonly unfinished: string | null;
  /** What went wrong with the last job, and what is kept. */
  readonly trouble: string | null;
  /** Everything measured, of all networks, the oldest first; null until it was read. */
  readonly points: readonly TrunkPoint[] | null;
}

export const useTrunk = create<TrunkState>()(() => ({
  ranked: null,
  plan: null,
  problem: null,
  doing: null,
  progress: null,
  tuning: null,
  unfinished: null,
  trouble: null,
  points: null,
}));

/** What the form stands for on the ranked network; null until it is ranked. */
export function choiceHere(ranked: RankedTrunk | null, form: FieldsForm): TrunkChoice | null {
  return ranked && trunkChoiceOf(form, ranked.ranking.arch, useLab.getState().seed);
}

/** What the network on the bench shares with those that differ from it in their seed alone; null until it is open. */
export function useFamily(): string | null {
  return useLab(({ opened }) => opened && familyOf(opened));
}

/** What the controls remove: as it was measured, where time is the budget and they rest; else by the ranking alone. */
export function planHere(state: TrunkState, { form, settled }: FieldsState): TrunkPlan | null {
  const { plan } = state;
  if (form !== settled || form.units !== 'fields' || form.by !== 'latency') return plan;
  const point = pointHere(state, form);
  return plan && point?.result.gone ? (measuredPlans.get(point) ?? planOf(point, plan)) : plan;
}

/** The same plan each time it is asked for: views compare what they are given. */
const measuredPlans = new WeakMap<TrunkPoint, TrunkPlan>();

function planOf(point: TrunkPoint, plan: TrunkPlan): TrunkPlan {
  const own = { ...plan, arch: point.result.arch, fields: point.result.gone! };
  measuredPlans.set(point, own);
  return own;
}

/** The measurement of a form on the ranked network, fine-tuned as it says or not at all. */
export function pointHere(
  { ranked, points }: Pick<TrunkState, 'ranked' | 'points'>,
  form: FieldsForm,
  tuning: Tuning | null = null,
): TrunkPoint | undefined {
  const choice = choiceHere(ranked, form);
  const id = choice && pointId(ranked!.fingerprint, choice, tuning);
  return points?.find((point) => point.id === id);
}

/** Whether a fine-tuning of a form has epochs kept that can be gone on with. */
export function isUnfinished({ ranked, unfinished }: TrunkState, form: FieldsForm): boolean {
  const choice = choiceHere(ranked, form);
  return choice !== null && unfinished === pointId(ranked!.fingerprint, choice, tuningOf(form));
}
