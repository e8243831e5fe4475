/** The sheets of both networks: every figure of every slider position, looked up and never computed here. */
import { create } from 'zustand';
import type { CriterionId } from '../../lab/prune/criteria';
import type { Compensation } from '../../lab/prune/neurons/compensate';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import type { NetName, Setting } from '../../worker/protocol/protocol';

export type Sheets = Readonly<Record<NetName, Sheet | null>>;

export const useSheets = create<Sheets>()(() => ({ main: null, peer: null }));

/** The curve of one method with one compensation. */
export function curveOf(sheet: Sheet, method: CriterionId, compensation: Compensation): SheetCurve {
  return sheet.curves.find((curve) => curve.method === method && curve.compensation === compensation)!;
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
  const kept = Math.max(1, sheet.units - removed);
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
export function losslessTo({ units }: Sheet, { accuracy: [upright] }: SheetCurve): number {
  let removed = 0;
  while (removed + 1 < units && upright[units - removed - 1] >= upright[units]) removed++;
  return removed;
}

/** How many of the first `removed` neurons to go were dead. */
export function deadAmongRemoved({ units, dead }: Sheet, { order }: SheetCurve, removed: number): number {
  return order.subarray(units - removed).reduce((count, unit) => count + dead[unit], 0);
}

/** The values that sentences about a setting of the network on the bench are made of. */
export interface PruneFacts {
  readonly removed: number;
  readonly units: number;
  /** Validation accuracy of the whole network and at this position. */
  readonly baseline: number;
  readonly accuracy: number;
  /** Neurons that can go, from none upwards, before accuracy is below the baseline. */
  readonly losslessTo: number;
  /** How many of the removed neurons, and of all, were dead. */
  readonly deadRemoved: number;
  readonly dead: number;
  /** Training tiles on which "dead" was found. */
  readonly statisticsTiles: number;
}

/** Those values, looked up. */
export function pruneFacts(sheet: Sheet, { method, compensation, removed }: Setting): PruneFacts {
  const curve = curveOf(sheet, method, compensation);
  return {
    removed,
    units: sheet.units,
    baseline: pointOf(sheet, curve, 0).accuracy,
    accuracy: pointOf(sheet, curve, removed).accuracy,
    losslessTo: losslessTo(sheet, curve),
    deadRemoved: deadAmongRemoved(sheet, curve, removed),
    dead: sheet.dead.reduce((sum, flag) => sum + flag, 0),
    statisticsTiles: sheet.statisticsTiles,
  };
}
