/** Keeps the address bar and the stores in step: the address is read at the start and when it is changed by hand. */

import { beginFields, useFields } from '../fields/fields';
import { useFlags } from '../page/flags';
import { useLab } from '../page/lab';
import { useLesson } from '../page/lesson';
import { useView } from '../page/view';
import { FINDINGS, usePaper } from '../paper/paper';
import { usePipeline } from '../pipeline/pipeline';
import { beginWith, useExperiment } from '../prune/experiment';
import { useSheets } from '../prune/sheets';
import { useTurning } from '../rotate/turning';
import { planOf, usePlan } from '../train/plan';
import { backendFrom, flagsFrom, hashOf, linkedReport, type Place, placeFrom, searchOf } from './link';

/** A share to be removed, until it is known of how many neurons. */
let awaited: number | null = null;

/** Fills the stores from the address bar, then writes there what they come to say. `onOther`: another subject is asked for. */
export function followAddress(onOther: (place: Place) => void): void {
  useLab.setState({ preference: backendFrom(location.search) });
  useFlags.setState(flagsFrom(location.search));
  const place = placeFrom(location.hash);
  take(place);
  useLab.setState({ subject: place.subject, seed: place.seed });
  const forms = [useFields, usePipeline, usePlan, useTurning];
  for (const store of [useExperiment, useFlags, useLab, useLesson, usePaper, useSheets, ...forms])
    store.subscribe(write);
  // Only a step between views is one that the back button takes back.
  useView.subscribe(() => write('push'));
  addEventListener('popstate', () => {
    const given = placeFrom(location.hash);
    useFlags.setState(flagsFrom(location.search));
    const { subject, seed } = useLab.getState();
    const isOther = given.seed !== seed || JSON.stringify(given.subject) !== JSON.stringify(subject);
    take(given);
    if (isOther) onOther(given);
    else fitRatio();
  });
}

/** Turns an awaited share into a number of neurons, once it is known how many there are. */
export function fitRatio(): void {
  const units = useSheets.getState().main?.units;
  if (units === undefined) return;
  const { setting } = useExperiment.getState();
  const removed = awaited === null ? setting.removed : Math.round(awaited * units);
  awaited = null;
  if (removed !== setting.removed || removed >= units)
    beginWith({ ...setting, removed: Math.min(removed, units - 1) });
}

/** The address of what is on the page. */
export function addressHere(): string {
  return location.origin + location.pathname + query() + hash();
}

function take({ view, setting, ratio, plan, pipeline, lesson, turning, fields, report }: Place): void {
  awaited = ratio;
  useView.setState({ view });
  usePlan.setState({ plan });
  usePipeline.setState({ plan: pipeline });
  useLesson.setState({ open: lesson });
  useTurning.setState(turning);
  // One from disk stays: the address knows nothing of it.
  if (report !== linkedReport(usePaper.getState().shown)) usePaper.setState({ shown: report ?? FINDINGS });
  beginFields(fields);
  beginWith({ ...setting, removed: 0 });
}

function write(how?: unknown): void {
  const address = location.pathname + query() + hash();
  if (address === location.pathname + location.search + location.hash) return;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

function query(): string {
  return searchOf(location.search, useLab.getState().preference, useFlags.getState());
}

function hash(): string {
  const { subject, seed, opened } = useLab.getState();
  const { view } = useView.getState();
  // Who opens a link to a network trained here finds out how to train it again.
  const plan =
    view === 'train' || !opened?.recipe ? usePlan.getState().plan : planOf(opened.recipe, opened.dataset.ref);
  const { removed, ...setting } = useExperiment.getState().settled;
  const units = useSheets.getState().main?.units;
  const ratio = awaited ?? (units ? removed / units : 0);
  const { plan: pipeline } = usePipeline.getState();
  const { open: lesson } = useLesson.getState();
  const turning = useTurning.getState();
  const { settled: fields } = useFields.getState();
  const report = linkedReport(usePaper.getState().shown);
  return hashOf({ view, subject, seed, setting, ratio, plan, pipeline, lesson, turning, fields, report });
}
