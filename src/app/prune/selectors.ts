/** What the Prune view's parts read, as hooks on narrow slices of the stores. */
import { useMemo } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/sheet';
import { useExperiment } from '../../stores/experiment';
import { curveOf, type Point, pointOf, useStudy } from '../../stores/study';
import type { NetName } from '../../worker/protocol';

/** The sheet of a network; the view is drawn only once both are there. */
export function useSheet(net: NetName): Sheet {
  return useStudy((sheets) => sheets[net])!;
}

/** The chosen curve of a network. */
export function useCurve(net: NetName): { sheet: Sheet; curve: SheetCurve } {
  const sheet = useSheet(net);
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  return useMemo(
    () => ({ sheet, curve: curveOf(sheet, method, compensation) }),
    [sheet, method, compensation],
  );
}

/**
 * A network at the slider's position and with nothing removed. The position is a share of the equivariant network's
 * neurons; another network with another number of them loses the same share.
 */
export function usePoints(net: NetName): { before: Point; now: Point } {
  const { sheet, curve } = useCurve(net);
  const units = useSheet('equivariant').units;
  const removed = useExperiment(({ setting }) => setting.removed);
  const before = useMemo(() => pointOf(sheet, curve, 0), [sheet, curve]);
  return { before, now: pointOf(sheet, curve, Math.round((removed / units) * sheet.units)) };
}
