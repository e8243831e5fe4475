/** Which curves stand beside the chosen one: remembered in this browser, and no part of the link. */
import { create } from 'zustand';
import { CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import { COMPENSATIONS, type Compensation } from '../../lab/prune/neurons/compensate';
import { keep, recall } from '../page/kept';

/** One line of the chart. */
export interface CurveName {
  readonly method: CriterionId;
  readonly compensation: Compensation;
}

/** By `curveKey`: shown or not, where that was said; else a curve is shown beside those of its compensation. */
export type Wishes = Readonly<Record<string, boolean>>;

export const CURVES: readonly CurveName[] = CRITERION_IDS.flatMap((method) =>
  COMPENSATIONS.map((compensation) => ({ method, compensation })),
);

export const curveKey = ({ method, compensation }: CurveName): string => `${method} ${compensation}`;

const KEY = 'orbit-lab curves';

export const useCurves = create<{ readonly wishes: Wishes }>()(() => ({ wishes: recallWishes() }));

/** The chosen curve is always shown. */
export function isShown(wishes: Wishes, chosen: CurveName, curve: CurveName): boolean {
  if (curveKey(curve) === curveKey(chosen)) return true;
  return wishes[curveKey(curve)] ?? curve.compensation === chosen.compensation;
}

/** The curves to draw; without the other methods, or without the other compensation, where a teacher hides those. */
export function shownCurves(
  wishes: Wishes,
  chosen: CurveName,
  hidden: { readonly methods: boolean; readonly compensation: boolean },
): CurveName[] {
  return CURVES.filter(
    (curve) =>
      isShown(wishes, chosen, curve) &&
      !(hidden.methods && curve.method !== chosen.method) &&
      !(hidden.compensation && curve.compensation !== chosen.compensation),
  );
}

export function toggleCurve(chosen: CurveName, curve: CurveName): void {
  const { wishes } = useCurves.getState();
  wish({ ...wishes, [curveKey(curve)]: !isShown(wishes, chosen, curve) });
}

/** Back to all methods with the chosen compensation. */
export function forgetCurves(): void {
  wish({});
}

function wish(wishes: Wishes): void {
  useCurves.setState({ wishes });
  keep(KEY, wishes);
}

function recallWishes(): Wishes {
  const entries = Object.entries(recall(KEY) ?? {}).filter(([, shown]) => typeof shown === 'boolean');
  return Object.fromEntries(entries) as Wishes;
}
