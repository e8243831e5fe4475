/**
 * Drives the worker on behalf of the page: opens the lab, fine-tunes what is settled on, and when the worker ends,
 * starts a fresh one and goes on. The stores hold what it learns; the views only read them.
 */

import type { SliderUnit } from '../../lab/families/units';
import type { Fit } from '../../lab/pictures/cut';
import { BLOCK_TUNING } from '../../lab/prune/blocks/tuning';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { isTriggered } from '../../lab/train/finetune';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import {
  type BackendPreference,
  NETS,
  type NetName,
  type Setting,
  type Subject,
  type Way,
} from '../../worker/protocol/choices';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent } from '../../worker/protocol/results';
import { fitRatio, followAddress, resetAddress } from '../address/address';
import type { NetworkFile } from '../page/compare';
import { useLab } from '../page/lab';
import { finetuningOf, pruningKey, putExtraction, useExperiment } from '../prune/experiment';
import { forgetSheets, putSheet, turnSheets } from '../prune/heldSheets';
import { isComplete, measuredCurve, pointOf, useSheets } from '../prune/sheets';
import { STORY_TILE } from '../prune/story';
import { type TileState, useTile } from '../prune/tile';
import { isOf, isSameWay } from '../prune/way';
import { explain } from '../words/explain';
import { unlessDeleted } from '../words/library';
import { Deaths } from './deaths';
import { engineWanted } from './engine';
import { FinetuningDriver } from './finetuning';
import { followOpening } from './standing';
import { catalogueUrl, newClient, newPictureReader } from './workers';

/** The rules of adaptive fine-tuning that the page applies. */
export const FINETUNE_RULES = finetuneSettingsSchema.parse({});
const FOR_BLOCKS = finetuneSettingsSchema.parse(BLOCK_TUNING);

/** The same where such units went. */
export const rulesFor = (unit: SliderUnit) => (unit === 'neuron' ? FINETUNE_RULES : FOR_BLOCKS);

/** Validation tiles (and training tiles) of the first curves: few, for each of them stands between a visitor and the slider. */
const FIRST_TILES = 32;
/** A pause in which the slider has to rest before fine-tuning starts, in milliseconds. */
const REST = 400;

export const client = newClient(recover);
const pictures = newPictureReader();

const tuning = new FinetuningDriver(client);
const deaths = new Deaths();

/** Begins the session: reads the address bar, opens the lab, follows the experiment. Called once. */
export function beginSession(): void {
  followOpening();
  followAddress(({ subject, seed }) => openSubject(subject, seed));
  let resting: ReturnType<typeof setTimeout> | undefined;
  useExperiment.subscribe(({ settled, way }, before) => {
    if (!isSameWay(way, before.way)) followWay(way);
    if (settled === before.settled) return;
    tuning.abandonOthers(settled);
    clearTimeout(resting);
    resting = setTimeout(followUp, REST);
  });
  void openLab();
}

/** Starts the engine and opens the pair; what is already on the page stays until its successor is there. */
export async function openLab(): Promise<void> {
  const hasSheets = useSheets.getState().main !== null;
  useLab.setState({ status: hasSheets ? 'alive' : 'opening', trouble: null });
  try {
    const { subject, seed } = useLab.getState();
    const starting = client.run('start', engineWanted(), follow).result;
    // Asked for at once: the worker need not wait for a page that is busy drawing itself. Without an engine it refuses.
    const wanted = { way: useExperiment.getState().way, chosen: chosenHere() };
    const details = {
      catalogue: catalogueUrl(),
      subject,
      seed,
      firstTiles: FIRST_TILES,
      pinned: STORY_TILE.tile,
      ...wanted,
    };
    const opening = client.run('open', details, follow).result;
    opening.catch(() => {});
    useLab.setState({ backend: await starting });
    await opening;
    useLab.setState({ status: 'ready', progress: null });
    followUp();
    void completeCurves();
  } catch (error) {
    // `recover` or whoever closed the worker has taken over.
    if (!(error instanceof WorkerLost)) fail(error);
  }
}

/** Opens other networks, or the same with another seed; the share removed stays where the address says so. */
export function openSubject(subject: Subject, seed: number = useLab.getState().seed): void {
  forgetSheets();
  useExperiment.setState({ finetunings: {}, extractions: {} });
  useLab.setState({ subject, seed, opened: null, progress: null });
  reopen();
}

/** What is asked for now goes before all else: its curves are shown where they are held, and the worker turns to it. */
function followWay(way: Way): void {
  const nets = NETS.filter((net) => hasBlocks(useSheets.getState()[net]));
  turnSheets(way);
  tuning.cancel();
  // Of the same number of other units nothing holds; what was finished is kept, and found when it is asked for again.
  useExperiment.setState({ finetunings: {}, extractions: {} });
  if (useLab.getState().status !== 'ready') {
    reopen();
    return;
  }
  // Its trouble is told by who completes the curves.
  void Promise.allSettled(nets.map(measureCurves)).then(completeCurves);
}

const hasBlocks = (sheet: Sheet | null): boolean => sheet !== null && sheet.unit !== 'neuron';

/** Back to the beginning: the default networks, nothing removed, nothing hidden. What is kept in this browser stays. */
export function resetPage(): void {
  resetAddress();
}

/** Ends the worker and opens the lab anew, on another engine where one is given. */
export function reopen(preference: BackendPreference = useLab.getState().preference): void {
  tuning.cancel();
  client.close();
  deaths.forget();
  useLab.setState({ preference, notice: null });
  void openLab();
}

/** Ends the running fine-tuning with the best epoch so far. */
export function stopFinetuning(): void {
  tuning.stop();
}

/** Starts the fine-tuning of a setting anew, where it was run before. */
export const finetuneAgain = (setting: Setting): Promise<void> => tuning.start(setting, true);

/** The file of a network that was pruned or fine-tuned by hand. */
export function modelFile(key: string): Promise<Uint8Array> {
  return client.run('model', { key }).result;
}

/** Pictures asked about so far: an answer that a newer question has overtaken is not shown. */
let asked = 0;

/** Asks the networks trained on real tiles about a picture; it goes to workers of this page and nowhere else. */
export async function classify(file: File, fit: Fit = 'scale'): Promise<void> {
  const question = ++asked;
  const put = (tile: TileState) => {
    if (question === asked) useTile.setState({ tile });
  };
  const { tile: shown } = useTile.getState();
  // Another part of the same picture takes the place of the one shown when it is there.
  const isShown = shown.status === 'done' && shown.file === file;
  if (!isShown) put({ status: 'reading', name: file.name });
  try {
    const { width, height, data, notes } = await pictures.read(file);
    const details = { catalogue: catalogueUrl(), name: file.name, picture: { width, height, data }, fit };
    const result = await client.run('classify', details, undefined, [data.buffer]).result;
    put({ status: 'done', result, file, width, height, notes });
  } catch (error) {
    put({ status: 'failed', message: explain(error) });
  }
}

/** The file of a network pruned at a setting, as it is without fine-tuning. */
export function prunedFile(setting: Setting): Promise<Uint8Array> {
  return client.run('pruned', { net: 'main', setting }).result;
}

/** The network on the bench with nothing removed, as a file that is made when it is asked for. */
export const wholeOnBench = (): NetworkFile => ({
  name: useLab.getState().opened?.nets.main.title ?? 'the whole network',
  load: () => prunedFile({ ...useExperiment.getState().setting, removed: 0 }),
});

/** A network's file as a zip with all that is needed to run it without the lab, in a folder of that name. */
export function zipForTakingAlong(file: Uint8Array, folder: string): Promise<Uint8Array> {
  return client.run('takeAlong', { file: new Uint8Array(file), folder, catalogue: catalogueUrl() }).result;
}

let isCompleting = false;

/** Has the curves measured that come one at a time; whatever else is asked for goes before them. */
async function completeCurves(): Promise<void> {
  if (isCompleting) return;
  isCompleting = true;
  try {
    for (let net = incomplete(); net !== undefined; net = incomplete()) await measureCurves(net);
  } catch (error) {
    // Whoever ended the worker opens it all again.
    if (!(error instanceof WorkerLost)) useLab.setState({ notice: explain(error) });
  } finally {
    isCompleting = false;
    useLab.setState({ progress: null });
  }
}

const measureCurves = (net: NetName): Promise<boolean> =>
  client.run('curves', { net, way: useExperiment.getState().way, chosen: chosenHere() }, follow).result;

/** A network whose curves are not all there, or are of other units than are asked for. */
const incomplete = () =>
  NETS.find((net) => {
    const sheet = useSheets.getState()[net];
    if (!sheet || useLab.getState().status !== 'ready') return false;
    return !isComplete(sheet) || !isOf(useExperiment.getState().way, sheet);
  });

/** The curve on which the setting is. */
function chosenHere() {
  const { method, compensation } = useExperiment.getState().setting;
  return { method, compensation };
}

/** What settling starts: the real extraction, which is short, and then fine-tuning. */
function followUp(): void {
  const sheet = useSheets.getState().main;
  // Of other units nothing is known yet.
  if (!sheet || !isOf(useExperiment.getState().way, sheet)) return;
  void extractIfNeeded();
  finetuneIfNeeded();
}

/** Nothing depends on it: where it fails, its figures stay unknown. */
async function extractIfNeeded(): Promise<void> {
  const { settled, extractions } = useExperiment.getState();
  if (useLab.getState().status !== 'ready') return;
  if (settled.removed === 0 || pruningKey(settled) in extractions) return;
  putExtraction(settled, null);
  try {
    putExtraction(settled, await client.run('extract', { net: 'main', setting: settled }).result);
  } catch {
    putExtraction(settled, undefined);
  }
}

function finetuneIfNeeded(): void {
  const state = useExperiment.getState();
  const sheet = useSheets.getState().main;
  if (useLab.getState().status !== 'ready' || !sheet) return;
  const { settled } = state;
  if (finetuningOf(state, settled) || settled.removed === 0) return;
  const curve = measuredCurve(sheet, settled.method, settled.compensation);
  if (!curve) return;
  const { accuracy } = pointOf(sheet, curve, settled.removed);
  const rules = rulesFor(sheet.unit);
  if (isTriggered(pointOf(sheet, curve, 0).accuracy, accuracy, rules)) void tuning.start(settled);
}

/** Puts what the jobs `start` and `open` report into the stores. */
function follow(event: JobEvent): void {
  if (event.type === 'progress') {
    useLab.setState({ progress: { what: event.what, done: event.done, total: event.total } });
  } else if (event.type === 'opened') {
    useLab.setState({ opened: event.opened, subject: event.opened.subject });
  } else if (event.type === 'sheet') {
    if (!putSheet(event.net, event.sheet) || event.net !== 'main') return;
    fitRatio();
    if (useLab.getState().status === 'opening') useLab.setState({ status: 'alive' });
  }
}

/** The worker ended by itself: routine, unless it keeps happening. */
function recover(why: string): void {
  const times = deaths.tooMany();
  if (times !== null) {
    const message = `The compute engine ended ${times} times within a few minutes (${why}). ${kept()} Try again, or choose another engine at the top.`;
    useLab.setState({ status: 'failed', progress: null, trouble: { message, detail: null } });
    return;
  }
  useLab.setState({ notice: `The compute engine ended (${why}) and was started again. ${kept()}` });
  void openLab();
}

/** What survives a restart, counted. */
function kept(): string {
  const { finetunings } = useExperiment.getState();
  const done = Object.values(finetunings).filter(({ status }) => status === 'done').length;
  const networks = done === 1 ? 'one fine-tuned network' : `${done} fine-tuned networks`;
  const curves = useSheets.getState().main ? 'the curves, ' : '';
  return unlessDeleted(`Your setting, ${curves}every finished epoch and ${networks} were kept.`);
}

function fail(error: unknown): void {
  const detail = error instanceof Error && typeof error.cause === 'string' ? error.cause : null;
  useLab.setState({ status: 'failed', progress: null, trouble: { message: explain(error), detail } });
}
