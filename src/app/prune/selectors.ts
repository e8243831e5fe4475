/** What the Prune view's parts read, as hooks on narrow slices of the stores. */
import { useMemo } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { useIsHidden } from '../../state/page/flags';
import { type Finetuning, finetuningOf, useExperiment } from '../../state/prune/experiment';
import { type NeuronFacts, neuronFacts, unitAt, useNeuron } from '../../state/prune/neuron';
import { curveOf, measuredCurve, type Point, pointOf, useSheets } from '../../state/prune/sheets';
import type { NetName } from '../../worker/protocol/choices';

/** The sheet of the network on the bench, whose arrival opens the view. */
export function useSheet(): Sheet {
  return useSheets(({ main }) => main)!;
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
  const sheet = useSheets((sheets) => sheets[net]);
  const { method, compensation, removed } = useExperiment(({ setting }) => setting);
  const curve = sheet && measuredCurve(sheet, method, compensation);
  if (!sheet || !curve) return null;
  const here = Math.round((removed / units) * sheet.units);
  return { before: pointOf(sheet, curve, 0), now: pointOf(sheet, curve, here) };
}

/** A figure of the network on the bench at the slider's position, as text: who shows it is drawn anew only when it changes. */
export function useFigure(pick: (now: Point, sheet: Sheet) => string): string {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  return useExperiment(({ setting }) => pick(pointOf(sheet, curve, setting.removed), sheet));
}

/** What fine-tuning gave at the slider's position, where it is shown: whoever hides it hides it everywhere. */
export function useTuned(): Finetuning | undefined {
  const isHidden = useIsHidden('finetuning');
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  return isHidden ? undefined : tuned;
}

/** The neuron pointed at; before that, the one that stays to the end. */
export function useNeuronFacts(): NeuronFacts {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const pointed = useNeuron(({ unit }) => unit);
  // Of another, narrower network it may not be there.
  const unit = pointed !== null && pointed < sheet.units ? pointed : unitAt(curve, sheet.units);
  return useMemo(() => neuronFacts(sheet, curve, unit), [sheet, curve, unit]);
}
