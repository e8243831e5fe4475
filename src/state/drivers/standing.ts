/**
 * Follows what the worker tells of an opening, step by step, and says where nothing moves any more: whatever it waits for
 * ends by itself some day (the worker is asked and begun anew, files and what is kept are given up), but not at once.
 */
import { type LabState, useLab } from '../page/lab';
import { useOpening } from '../page/opening';

/** How long nothing may move before it is said, in milliseconds. */
export const LONG = 15_000;

/** Called once, before anything is opened. */
export function followOpening(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = (state: LabState, before?: LabState) => {
    const isOpening = state.status === 'opening';
    const hasMoved = state.status !== before?.status || state.progress !== before.progress;
    if (!hasMoved || (!isOpening && before?.status !== 'opening')) return;
    clearTimeout(timer);
    const what = isOpening ? (state.progress?.what ?? 'waiting for the worker') : state.status;
    const steps = before?.status === 'opening' ? useOpening.getState().steps : [];
    const isNew = steps.at(-1)?.what !== what;
    const at = Math.round(performance.now());
    useOpening.setState({ stands: false, ...(isNew && { steps: [...steps, { what, at }] }) });
    if (isOpening) timer = setTimeout(() => useOpening.setState({ stands: true }), LONG);
  };
  useLab.subscribe(follow);
  follow(useLab.getState());
}
