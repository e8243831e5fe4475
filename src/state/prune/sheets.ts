/** The sheets of both networks: every figure of every slider position, looked up and never computed here. */
import { create } from 'zustand';
import type { SliderUnit } from '../../lab/families/units';
import { CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import { type Compensation, compensationsOf } from '../../lab/prune/neurons/compensate';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import type { NetName, Setting } from '../../worker/protocol/choices';

export type Sheets = Readonly<Record<NetName, Sheet | null>>;

export const useSheets = create<Sheets>()(() => ({ main: null, peer: null }));

/** The curve of one method with one compensation; undefined while it is not measured. */
export const measuredCurve = (
  sheet: Sheet,
  method: CriterionId,
  compensation: Compensation,
): SheetCurve | undefined =>
  sheet.curves.find((curve) => curve.method === method && curve.compensation === compensation);

/** The same where it is known to be there: nothing else can be chosen. */
export const curveOf = (sheet: Sheet, method: CriterionId, compensation: Compensation): SheetCurve =>
  measuredCurve(sheet, method, compensation)!;

/** Whether every method with every compensation that there is for its units is measured. */
export const isComplete = ({ curves, unit }: Sheet): boolean =>
  curves.length === CRITERION_IDS.length * compensationsOf(unit).length;

/** The number of removed units nearest to one that was measured; of two that are as near the lower one. */
export function stopNear({ stops, units }: Pick<Sheet, 'stops' | 'units'>, removed: number): number {
  // Every position is known.
  if (stops.length === units) return Math.max(0, Math.min(units - 1, removed));
  return stops.reduce((best, stop) => (Math.abs(stop - removed) < Math.abs(best - removed) ? stop : best));
}

/** The stop so many steps away, or the last one on that side. */
export function stopBeside(sheet: Pick<Sheet, 'stops' | 'units'>, removed: number, steps: number): number {
  const { stops } = sheet;
  const at = stops.indexOf(stopNear(sheet, removed)) + steps;
  return stops[Math.max(0, Math.min(stops.length - 1, at))];
}

/** A network at one slider position. */
export interface Point {
  readonly kept: number;
  readonly accuracy: number;
  /** At the four quarter turns. */
  readonly turned: readonly number[];
  readonly changed: number;
  readonly undecided: number;
  /** Share of the decided tiles with the same answer at all turns; 1 when none is decided. */
  readonly agreement: number;
  /** Equivariance error of the logits. */
  readonly error: number;
  readonly params: number;
  readonly bytes: number;
  readonly exported: number;
  readonly macs: number;
}

export function pointOf(sheet: Sheet, curve: SheetCurve, removed: number): Point {
  const kept = sheet.units - stopNear(sheet, removed);
  const decided = sheet.tiles - curve.undecided[kept];
  return {
    kept,
    accuracy: curve.accuracy[0][kept],
    turned: curve.accuracy.map((turn) => turn[kept]),
    changed: curve.changed[kept],
    undecided: curve.undecided[kept],
    agreement: decided === 0 ? 1 : 1 - curve.changed[kept] / decided,
    error: curve.error[kept],
    params: sheet.params[kept],
    bytes: sheet.bytes[kept],
    exported: sheet.exported[kept],
    macs: sheet.macs[kept],
  };
}

/** How many neurons can go, from none upwards, before accuracy is below the unpruned network's. */
export function losslessTo({ units, stops }: Sheet, { accuracy: [upright] }: SheetCurve): number {
  const fallen = stops.findIndex((removed) => upright[units - removed] < upright[units]);
  return stops.at(fallen === -1 ? -1 : fallen - 1)!;
}

/** How many of the first `removed` neurons to go were dead. */
export function deadAmongRemoved({ units, dead }: Sheet, { order }: SheetCurve, removed: number): number {
  return order.subarray(units - removed).reduce((count, unit) => count + dead[unit], 0);
}

/** Blocks, from 1, that keep their best unit though it ranks among those that are gone, for each needs one. */
export function flooredBlocks(
  { units, layers, ranking }: Sheet,
  { saliency }: SheetCurve,
  removed: number,
): number[] {
  if (ranking !== 'network') return [];
  const isAbove = (a: number, b: number) =>
    saliency[a] > saliency[b] || (saliency[a] === saliency[b] && a < b);
  let next = 0;
  return layers.flatMap((count, layer) => {
    let best = next;
    for (const end = next + count; next < end; next++) if (isAbove(next, best)) best = next;
    let above = 0;
    for (let unit = 0; unit < units; unit++) if (isAbove(unit, best)) above++;
    return above < units - removed ? [] : [layer + 1];
  });
}

/** The values that sentences about a setting of the network on the bench are made of. */
export interface PruneFacts {
  readonly removed: number;
  readonly units: number;
  readonly unit: SliderUnit;
  /** Validation accuracy of the whole network and at this position. */
  readonly baseline: number;
  readonly accuracy: number;
  /** Neurons that can go, from none upwards, before accuracy is below the baseline. */
  readonly losslessTo: number;
  /** How many of the removed neurons, and of all, were dead. */
  readonly deadRemoved: number;
  readonly dead: number;
  /** Blocks that keep their best unit though it ranks among those that are gone. */
  readonly floored: readonly number[];
  /** Training tiles on which "dead" was found. */
  readonly statisticsTiles: number;
}

/** Those values, looked up. */
export function pruneFacts(sheet: Sheet, { method, compensation, removed }: Setting): PruneFacts {
  const curve = curveOf(sheet, method, compensation);
  return {
    removed,
    units: sheet.units,
    unit: sheet.unit,
    baseline: pointOf(sheet, curve, 0).accuracy,
    accuracy: pointOf(sheet, curve, removed).accuracy,
    losslessTo: losslessTo(sheet, curve),
    deadRemoved: deadAmongRemoved(sheet, curve, removed),
    dead: sheet.dead.reduce((sum, flag) => sum + flag, 0),
    floored: flooredBlocks(sheet, curve, stopNear(sheet, removed)),
    statisticsTiles: sheet.statisticsTiles,
  };
}
