/** Keeps the address bar and the stores in step: the address is read at the start and when it is changed by hand. */
import type { Subject } from '../../worker/protocol/choices';
import { changeAdapting, useAdapting } from '../adapt/plan';
import { beginFields, useFields } from '../fields/fields';
import { useBenchOrbit, useTileOrbit } from '../orbit/orbit';
import { orbitsHere, takeOrbits } from '../orbit/place';
import { useFlags } from '../page/flags';
import { useLab } from '../page/lab';
import { useLesson } from '../page/lesson';
import { useView, type View } from '../page/view';
import { FINDINGS, usePaper } from '../paper/paper';
import { usePipeline } from '../pipeline/pipeline';
import { useDetails } from '../prune/details';
import { beginWith, useExperiment } from '../prune/experiment';
import { measuredCurve, stopNear, useSheets } from '../prune/sheets';
import { isSameWay } from '../prune/way';
import { useTurning } from '../rotate/turning';
import { useTasks } from '../tasks/form';
import { planOf, usePlan } from '../train/plan';
import { benchPart, useWrong } from '../wrong/wrong';
import { backendFrom, flagsFrom, hashOf, linkedReport, type Place, placeFrom, searchOf } from './link';
import { AddressWriter } from './writer';

/** A share to be removed, until it is known of how many neurons. */
let awaited: number | null = null;

/** While the stores follow the address, the address does not follow them. */
let isTaking = false;
const writer = new AddressWriter(
  () => addressOf(useView.getState().view),
  () => location.pathname + location.search + location.hash,
  {
    pushState: (...entry) => history.pushState(...entry),
    replaceState: (...entry) => history.replaceState(...entry),
  },
);
let openOther: (place: Place) => void = () => {};
/** The pair that was opened where the address named none; null before that. */
let usualPair: Subject | null = null;

/** Fills the stores from the address bar, then writes there what they come to say. `onOther`: another subject is asked for. */
export function followAddress(onOther: (place: Place) => void): void {
  openOther = onOther;
  useLab.setState({ preference: backendFrom(location.search) });
  useFlags.setState(flagsFrom(location.search));
  const place = placeFrom(location.hash);
  take(place);
  useLab.setState({ subject: place.subject, seed: place.seed });
  useLab.subscribe(({ subject }, before) => {
    if (isUnnamed(before.subject) && subject.kind === 'pair' && subject.id !== null) usualPair = subject;
  });
  const forms = [
    useAdapting,
    useFields,
    usePipeline,
    usePlan,
    useTasks,
    useTurning,
    useTileOrbit,
    useBenchOrbit,
    useWrong,
  ];
  for (const store of [useExperiment, useFlags, useLab, useLesson, usePaper, useSheets, ...forms])
    store.subscribe(() => {
      if (!isTaking) writer.note();
    });
  // Only a step between views, or from one report to the next, is one that the back button takes back.
  useView.subscribe(({ view }, before) => {
    if (!isTaking && view !== before.view) writer.step(addressOf(before.view));
  });
  usePaper.subscribe(({ shown, trouble }, before) => {
    // One that could not be read is left without a trace: Back would lead there again.
    const isStep = shown !== before.shown && trouble === null;
    if (!isTaking && isStep) writer.step(addressOf(useView.getState().view, before.shown));
  });
  addEventListener('popstate', () => {
    writer.forget();
    const place = placeFrom(location.hash);
    // An entry from before it was known which pair opens by itself means that pair: nothing is opened again for it.
    arrive(location.search, isUnnamed(place.subject) && usualPair ? { ...place, subject: usualPair } : place);
    writer.note();
  });
  // A reload, and whoever comes back, finds what was last on the page.
  for (const leaving of ['beforeunload', 'pagehide'] as const) addEventListener(leaving, writer.flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') writer.flush();
  });
}

/** Back to the beginning, as an entry of its own: the default networks, nothing removed, nothing hidden. */
export function resetAddress(): void {
  const left = addressOf(useView.getState().view);
  arrive('', placeFrom(''));
  writer.step(left);
}

const isUnnamed = (subject: Subject): boolean => subject.kind === 'pair' && subject.id === null;

/** Fills the stores from an address that the page came to. */
function arrive(search: string, given: Place): void {
  const { subject, seed } = useLab.getState();
  const isOther =
    given.seed !== seed ||
    !isSameWay(given.way, useExperiment.getState().way) ||
    !isThere(given.setting) ||
    JSON.stringify(given.subject) !== JSON.stringify(subject);
  isTaking = true;
  try {
    useFlags.setState(flagsFrom(search));
    take(given);
    if (isOther) openOther(given);
    else fitRatio();
  } finally {
    isTaking = false;
  }
}

/** Whether the curve of a setting is measured, where any is: of some networks they come one at a time. */
function isThere({ method, compensation }: Place['setting']): boolean {
  const sheet = useSheets.getState().main;
  return !sheet || measuredCurve(sheet, method, compensation) !== undefined;
}

/** Turns an awaited share into a number of units, once it is known how many there are, and where the slider stops. */
export function fitRatio(): void {
  const sheet = useSheets.getState().main;
  if (!sheet) return;
  const { setting } = useExperiment.getState();
  const removed = stopNear(sheet, awaited === null ? setting.removed : Math.round(awaited * sheet.units));
  awaited = null;
  // A curve that is not there cannot be shown; the one that is measured first can.
  const [{ method, compensation }] = sheet.curves;
  const curve = isThere(setting) ? setting : { ...setting, method, compensation };
  if (removed !== setting.removed || curve !== setting) beginWith({ ...curve, removed });
}

/** The address of what is on the page; from now on it stands in the bar too. */
export function addressHere(): string {
  writer.flush();
  return location.origin + addressOf(useView.getState().view);
}

function take(place: Place): void {
  const { view, setting, ratio, way, plan, pipeline, adapting } = place;
  const { lesson, turning, orbits, fields, tasks, wrong, report } = place;
  awaited = ratio;
  useView.setState({ view });
  usePlan.setState({ plan });
  usePipeline.setState({ plan: pipeline });
  changeAdapting(adapting);
  useLesson.setState({ open: lesson });
  useTurning.setState(turning);
  takeOrbits(orbits);
  useTasks.setState(tasks);
  useWrong.setState({ wanted: wrong });
  // It stands among them.
  if (wrong) useDetails.setState({ open: true });
  // One from disk stays: the address knows nothing of it.
  if (report !== linkedReport(usePaper.getState().shown)) usePaper.setState({ shown: report ?? FINDINGS });
  beginFields(fields);
  beginWith({ ...setting, removed: 0 }, way);
}

/** The address of what is on the page, seen in `view`. */
const addressOf = (view: View, shown = usePaper.getState().shown): string =>
  location.pathname + query() + hash(view, shown);

function query(): string {
  return searchOf(location.search, useLab.getState().preference, useFlags.getState());
}

function hash(view: View, shown: string): string {
  const { subject, seed, opened } = useLab.getState();
  // Who opens a link to a network trained here finds out how to train it again.
  const plan =
    view === 'train' || !opened?.recipe ? usePlan.getState().plan : planOf(opened.recipe, opened.dataset.ref);
  const { settled, way } = useExperiment.getState();
  const { removed, ...setting } = settled;
  const units = useSheets.getState().main?.units;
  const ratio = awaited ?? (units ? removed / units : 0);
  const { plan: pipeline } = usePipeline.getState();
  const { plan: adapting } = useAdapting.getState();
  const { open: lesson } = useLesson.getState();
  const turning = useTurning.getState();
  const { settled: fields } = useFields.getState();
  const report = linkedReport(shown);
  const tasks = useTasks.getState();
  const forms = { plan, pipeline, adapting, fields, tasks };
  const orbits = orbitsHere();
  const wrong = benchPart();
  const bench = { subject, seed, setting, ratio, way };
  return hashOf({ view, ...bench, ...forms, lesson, turning, orbits, wrong, report });
}
