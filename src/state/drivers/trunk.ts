/**
 * Drives pruning inside the trunk: ranks the network on the bench once, shows what would go while a control moves,
 * prunes and measures for real when it rests, fine-tunes when asked, through the deaths of workers, and keeps every
 * measurement as a point. It asks the same worker as the Prune view, one job after the other, so that nothing disturbs
 * what is timed.
 */
import { BadInput } from '../../lab/errors';
import {
  grainOf,
  isRanked,
  planTrunk,
  type RankingGrain,
  type TrunkChoice,
  type Tuning,
} from '../../lab/prune/trunk/choice';
import { deletePoint, hasUnfinished, listPoints, putPoint, trunkKey } from '../../storage/points';
import type { TrunkPoint } from '../../storage/rows';
import { PAGE_RUN } from '../../storage/stages';
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent, MeasuredTrunk, Opened, RankedTrunk } from '../../worker/protocol/results';
import { type FieldsForm, hasFields, tuningOf, useFields } from '../fields/fields';
import { isSame, pointId, pointOf } from '../fields/trunkPoints';
import { choiceHere, pointHere, type TrunkState, useTrunk } from '../fields/trunkState';
import { applyTuningEvent, hasTrained, type LiveTuning, newLiveTuning } from '../fields/tuning';
import { markTuning, recallTuning } from '../fields/tuningMark';
import { useLab } from '../page/lab';
import { useView } from '../page/view';
import { explain } from '../words/explain';
import { droppedSentence } from '../words/fields';
import { client } from './session';

const { getState, setState } = useTrunk;

/** A pause in which the controls have to rest before anything is measured, in milliseconds. */
const REST = 300;
let job: Job<unknown> | null = null;
/** The network that `ranked` is of, as the lab opened it. */
let rankedFor: Opened | null = null;
let begun = false;

/** Follows the controls and the lab. Called when the view is first shown. */
export function beginTrunk(): void {
  if (begun) return;
  begun = true;
  let resting: ReturnType<typeof setTimeout> | undefined;
  useFields.subscribe(({ form, settled }, before) => {
    if (form !== before.form) showPlan();
    if (settled === before.settled) return;
    // What is measured for another setting, or ranked beforehand, gives way.
    if (givesWay(settled)) cancel();
    setState({ trouble: null });
    void findUnfinished();
    clearTimeout(resting);
    resting = setTimeout(goOn, REST);
  });
  setState({ tuning: recallTuning() });
  useTrunk.subscribe(({ tuning }, before) => {
    if ((tuning === null) !== (before.tuning === null)) markTuning(tuning);
  });
  useLab.subscribe(goOn);
  useView.subscribe(goOn);
  void readPoints();
  goOn();
}

/** Starts what is missing: the ranking, a fine-tuning whose worker ended, the figures of what is settled on. */
function goOn(): void {
  const { status, opened } = useLab.getState();
  const { ranked, doing, trouble, problem, points, tuning } = getState();
  if (ranked && rankedFor && opened && !isSame(opened, rankedFor)) forget();
  // After a reload another network may stand in the address.
  if (ranked && tuning && tuning.fingerprint !== ranked.fingerprint) setState({ tuning: null });
  if (status !== 'ready' || !opened || doing || trouble) return;
  if (useView.getState().view !== 'fields' && !tuning) return;
  if (opened.nets.main.group === 'C1' || !hasFields(opened.nets.main) || points === null) return;
  const { settled } = useFields.getState();
  const choice = choiceHere(ranked, settled);
  if (!ranked || !choice || rankedFor !== opened) void rank(opened, 'weights');
  else if (tuning?.fingerprint === ranked.fingerprint) void tune(tuning);
  else if (!isRanked(ranked.ranking, choice)) void rank(opened, grainOf(choice));
  else if (!pointHere(getState(), settled) && !problem) void measure();
  // Found out beforehand, so that another criterion is shown at once.
  else if (!ranked.ranking.fields.taylor) void rank(opened, 'fields');
}

/** Whether what the worker does is for another setting, or was only to be found out beforehand. */
function givesWay(settled: FieldsForm): boolean {
  const { doing, ranked } = getState();
  if (doing === 'ranking') {
    const choice = choiceHere(ranked, settled);
    return choice !== null && isRanked(ranked!.ranking, choice);
  }
  return doing === 'measuring';
}

/** Prunes and fine-tunes what is settled on; goes on where epochs of it are kept. */
export function finetuneTrunk(): void {
  const { ranked, doing } = getState();
  const { settled } = useFields.getState();
  const choice = choiceHere(ranked, settled);
  if (!ranked || !choice || doing === 'tuning') return;
  // What was being found out for later gives way.
  if (doing) cancel();
  setState({ tuning: newLiveTuning(ranked.fingerprint, tuningOf(settled), choice), trouble: null });
  goOn();
}

/** Ends the fine-tuning with the best epoch so far; with nothing where none has ended yet. */
export function stopTuning(): void {
  const { tuning } = getState();
  if (!tuning) return;
  if (!hasTrained(tuning)) {
    cancel();
    setState({ tuning: null });
    goOn();
  } else {
    setState({ tuning: { ...tuning, stopping: true } });
    markTuning(null);
    job?.control('stop');
  }
}

/** Tries again what went wrong. */
export function retryTrunk(): void {
  setState({ trouble: null });
  goOn();
}

export async function removePoint(point: TrunkPoint): Promise<void> {
  try {
    await deletePoint(point, PAGE_RUN);
  } catch (error) {
    useLab.setState({ refusal: `This measurement could not be removed. ${explain(error)}` });
    return;
  }
  setState(({ points }) => ({ points: points?.filter(({ id }) => id !== point.id) ?? null }));
  await findUnfinished();
}

/** Looks for kept epochs of what is settled on. */
async function findUnfinished(): Promise<void> {
  const { ranked } = getState();
  const { settled } = useFields.getState();
  const choice = choiceHere(ranked, settled);
  if (!ranked || !choice || choice.units === 'channels') return setState({ unfinished: null });
  const tuning = tuningOf(settled);
  const isKept = await hasUnfinished(trunkKey(ranked.fingerprint, choice, tuning), PAGE_RUN).catch(
    () => false,
  );
  if (settled !== useFields.getState().settled || ranked.fingerprint !== getState().ranked?.fingerprint)
    return;
  setState({ unfinished: isKept ? pointId(ranked.fingerprint, choice, tuning) : null });
}

async function rank(opened: Opened, grain: RankingGrain): Promise<void> {
  rankedFor = opened;
  const found = await work('ranking', () => client.run('rankTrunk', { grain }, follow));
  if (!found) return goOn();
  setState(({ ranked }) => ({
    ranked: ranked?.fingerprint === found.fingerprint ? mergeRankings(ranked, found) : found,
  }));
  void findUnfinished();
  showPlan();
  goOn();
}

/** One ranking knows fields, another channels. */
function mergeRankings({ ranking: a }: RankedTrunk, { fingerprint, ranking: b }: RankedTrunk): RankedTrunk {
  const fields = { ...a.fields, ...b.fields };
  return { fingerprint, ranking: { ...b, fields, channels: { ...a.channels, ...b.channels } } };
}

/** Prunes and measures what is settled on. */
async function measure(): Promise<void> {
  const choice = choiceHere(getState().ranked, useFields.getState().settled)!;
  const measured = await work('measuring', (onEvent) =>
    client.run('pruneTrunk', { choice, tuning: null }, onEvent),
  );
  if (measured) await keep(measured, choice, null);
  goOn();
}

/** Fine-tunes; the worker goes on where epochs are kept. */
async function tune({ choice, tuning, stopping }: LiveTuning): Promise<void> {
  const tuned = await work('tuning', (onEvent) => {
    const own = client.run('pruneTrunk', { choice, tuning }, onEvent);
    if (stopping) own.control('stop');
    return own;
  });
  if (tuned) await keep(tuned, choice, tuning);
  await findUnfinished();
  goOn();
}

/** Runs a job to its end; undefined where it was cancelled or went wrong, which is said. */
async function work<Result>(
  doing: NonNullable<TrunkState['doing']>,
  run: (onEvent: (event: JobEvent) => void) => Job<Result>,
): Promise<Result | undefined> {
  const own: Job<Result> = run((event) => {
    if (job === own) follow(event);
  });
  job = own;
  setState({ doing, progress: null, trouble: null });
  let isLost = false;
  try {
    const result = await own.result;
    // One that was cancelled while it ended.
    return job === own ? result : undefined;
  } catch (error) {
    if (job !== own || error instanceof JobCancelled) return undefined;
    if (doing === 'ranking') rankedFor = null;
    // Whoever ended the worker starts another one, and what is missing is done again.
    isLost = error instanceof WorkerLost;
    if (!isLost) setState({ trouble: explain(error) });
    return undefined;
  } finally {
    if (job === own) {
      job = null;
      const ended = doing === 'tuning' && !isLost ? { tuning: null } : {};
      setState({ doing: null, progress: null, ...ended });
    }
  }
}

function cancel(): void {
  job?.control('cancel');
  job = null;
  setState({ doing: null, progress: null });
}

function follow(event: JobEvent): void {
  if (event.type === 'progress') {
    setState({ progress: { what: event.what, done: event.done, total: event.total } });
  }
  if (event.type === 'warning') useLab.setState({ notice: event.message });
  const { tuning, doing } = getState();
  if (tuning && doing === 'tuning') setState({ tuning: applyTuningEvent(tuning, event) });
}

/** What the controls would remove, from the ranking alone. */
function showPlan(): void {
  const { ranked } = getState();
  const { form } = useFields.getState();
  const choice = choiceHere(ranked, form);
  if (!ranked || !choice) return;
  if (!isRanked(ranked.ranking, choice)) {
    setState({ plan: null, problem: null });
    return;
  }
  try {
    setState({ plan: planTrunk(ranked.ranking, choice), problem: null });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    // Whether a budget of time can be met, only measuring can tell.
    const isTime = form.units === 'fields' && form.by === 'latency';
    setState({ plan: null, problem: isTime ? null : error.message });
  }
}

/** Another network: nothing of the last one is shown. */
function forget(): void {
  cancel();
  rankedFor = null;
  setState({ ranked: null, plan: null, problem: null, trouble: null, tuning: null, unfinished: null });
}

async function readPoints(): Promise<void> {
  const dropped = (many: number) => useLab.setState({ notice: droppedSentence(many) });
  const points = await listPoints(dropped).catch((error) => {
    useLab.setState({ refusal: `The kept measurements cannot be read. ${explain(error)}` });
    return [];
  });
  setState({ points });
  goOn();
}

async function keep(measured: MeasuredTrunk, choice: TrunkChoice, tuning: Tuning | null): Promise<void> {
  const { opened, backend } = useLab.getState();
  const engine = backend ? `${backend.backend} on ${backend.adapter}` : 'an unknown engine';
  const point = pointOf(measured, choice, tuning, opened!, engine);
  setState(({ points }) => ({ points: [...(points ?? []).filter(({ id }) => id !== point.id), point] }));
  // Where the browser keeps nothing, it lasts as long as the page.
  await putPoint(point).catch((error) => {
    useLab.setState({ refusal: `A reload loses the last measurement. ${explain(error)}` });
  });
}
