/** What the Prune view's parts read, as hooks on narrow slices of the stores. */
import { useMemo } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/sheet';
import { useExperiment } from '../../stores/experiment';
import { curveOf, type Point, pointOf, useStudy } from '../../stores/study';
import type { NetName } from '../../worker/protocol';

/** The sheet of the network on the bench, whose arrival opens the view. */
export function useSheet(): Sheet {
  return useStudy(({ main }) => main)!;
}

/** The chosen curve of a sheet. */
export function useCurve(sheet: Sheet): SheetCurve {
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  return useMemo(() => curveOf(sheet, method, compensation), [sheet, method, compensation]);
}

/**
 * A network at the slider's position and with nothing removed; null until its sheet is there. The position is a share
 * of the neurons of the network on the bench; another network with another number of them loses the same share.
 */
export function usePoints(net: NetName): { before: Point; now: Point } | null {
  const units = useSheet().units;
  const sheet = useStudy((sheets) => sheets[net]);
  const { method, compensation, removed } = useExperiment(({ setting }) => setting);
  if (!sheet) return null;
  const curve = curveOf(sheet, method, compensation);
  const here = Math.round((removed / units) * sheet.units);
  return { before: pointOf(sheet, curve, 0), now: pointOf(sheet, curve, here) };
}
