/**
 * Drives pruning inside the trunk: ranks the network on the bench once, shows what would go while a control moves,
 * prunes and measures for real when it rests, and keeps every measurement as a point. It asks the same worker as the
 * Prune view, one job after the other, so that nothing disturbs what is timed.
 */
import { create } from 'zustand';
import { BadInput } from '../lab/errors';
import { totalCost } from '../lab/evaluate/cost';
import type { ArchSpec } from '../lab/nn/arch';
import {
  grainOf,
  isRanked,
  plannedTrunk,
  type RankingGrain,
  type TrunkChoice,
  type TrunkPlan,
  type Tuning,
} from '../lab/prune/trunkChoice';
import { deletePoint, listPoints, putPoint, type TrunkPoint } from '../library/points';
import { type Job, JobCancelled, WorkerLost } from '../worker/client';
import type { JobEvent, MeasuredTrunk, Opened, RankedTrunk } from '../worker/protocol';
import { explain } from './explain';
import { type FieldsForm, type FieldsState, trunkChoiceOf, tuningOf, useFields } from './fields';
import { type Progress, useLab } from './lab';
import { client } from './session';
import { type LiveTuning, newLiveTuning, tuningFollowed } from './tuning';
import { useView } from './view';

export interface TrunkState {
  /** Of the network on the bench; null until it is ranked. */
  readonly ranked: RankedTrunk | null;
  /** What the controls would remove; null until it is known. */
  readonly plan: TrunkPlan | null;
  /** Why nothing can be removed as the controls say, in words. */
  readonly problem: string | null;
  readonly doing: 'ranking' | 'measuring' | 'tuning' | null;
  readonly progress: Progress | null;
  readonly tuning: LiveTuning | null;
  /** What went wrong with the last job, and what is kept. */
  readonly trouble: string | null;
  /** Everything measured, of all networks, the oldest first; null until it was read. */
  readonly points: readonly TrunkPoint[] | null;
}

export const useTrunk = create<TrunkState>()(() => ({
  ranked: null,
  plan: null,
  problem: null,
  doing: null,
  progress: null,
  tuning: null,
  trouble: null,
  points: null,
}));

const { getState, setState } = useTrunk;

/** A pause in which the controls have to rest before anything is measured, in milliseconds. */
const REST = 300;
/** Where the worker keeps the networks of the page. */
const PAGE_RUN = 'page';

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
    if (form !== before.form) void showPlan();
    if (settled === before.settled) return;
    // What is measured for another setting, or ranked beforehand, gives way.
    if (givesWay(settled)) cancel();
    setState({ trouble: null });
    clearTimeout(resting);
    resting = setTimeout(goOn, REST);
  });
  useLab.subscribe(goOn);
  useView.subscribe(goOn);
  void readPoints();
  goOn();
}

/** Starts what is missing: the ranking, then the figures of what is settled on. */
function goOn(): void {
  const { status, opened } = useLab.getState();
  const { ranked, doing, trouble, problem, points } = getState();
  if (ranked && rankedFor && opened && !isSame(opened, rankedFor)) forget();
  if (useView.getState().view !== 'fields' || status !== 'ready' || !opened || doing || trouble) return;
  if (opened.nets.main.group === 'C1' || points === null) return;
  const { settled } = useFields.getState();
  const choice = choiceHere(ranked, settled);
  if (!ranked || !choice || rankedFor !== opened) void rank(opened, 'weights');
  else if (!isRanked(ranked.ranking, choice)) void rank(opened, grainOf(choice));
  else if (!pointHere(getState(), settled) && !problem) void measure(null);
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

/** Prunes and fine-tunes what is settled on. */
export const finetuneTrunk = (): Promise<void> => measure(tuningOf(useFields.getState().settled));

/** Tries again what went wrong. */
export function retryTrunk(): void {
  setState({ trouble: null });
  goOn();
}

/** Drops the running job at once; the worker follows at its next batch. */
export function cancelTrunk(): void {
  cancel();
  goOn();
}

/** The file of a measured network. */
export const trunkFile = (key: string): Promise<Uint8Array> => client.run('model', { key }).result;

export async function removePoint(point: TrunkPoint): Promise<void> {
  await deletePoint(point, PAGE_RUN).catch(() => {});
  setState(({ points }) => ({ points: points?.filter(({ id }) => id !== point.id) ?? null }));
}

/** What the form stands for on the ranked network; null until it is ranked. */
export function choiceHere(ranked: RankedTrunk | null, form: FieldsForm): TrunkChoice | null {
  return ranked && trunkChoiceOf(form, ranked.ranking.arch, useLab.getState().seed);
}

/** What the network on the bench shares with those that differ from it in their seed alone; null until it is open. */
export function useFamily(): string | null {
  return useLab(({ opened }) => opened && familyOf(opened));
}

function familyOf({ subject, recipe, dataset }: Opened): string {
  return recipe ? JSON.stringify([{ ...recipe, seed: 0, name: '' }, dataset.ref]) : `pair ${subject.id}`;
}

/** What the controls remove: as it was measured, where time is the budget and they rest; else by the ranking alone. */
export function planHere(state: TrunkState, { form, settled }: FieldsState): TrunkPlan | null {
  const { plan } = state;
  if (form !== settled || form.units !== 'fields' || form.by !== 'latency') return plan;
  const point = pointHere(state, form);
  return plan && point?.result.gone ? (measuredPlans.get(point) ?? planOf(point, plan)) : plan;
}

/** The same plan each time it is asked for: views compare what they are given. */
const measuredPlans = new WeakMap<TrunkPoint, TrunkPlan>();

function planOf(point: TrunkPoint, plan: TrunkPlan): TrunkPlan {
  const own = { ...plan, arch: point.result.arch, fields: point.result.gone! };
  measuredPlans.set(point, own);
  return own;
}

/** The measurement of a form on the ranked network, fine-tuned as it says or not at all. */
export function pointHere(
  { ranked, points }: Pick<TrunkState, 'ranked' | 'points'>,
  form: FieldsForm,
  tuning: Tuning | null = null,
): TrunkPoint | undefined {
  const choice = choiceHere(ranked, form);
  const id = choice && pointId(ranked!.print, choice, tuning);
  return points?.find((point) => point.id === id);
}

const pointId = (print: string, choice: TrunkChoice, tuning: Tuning | null): string =>
  JSON.stringify([print, choice, tuning]);

async function rank(opened: Opened, grain: RankingGrain): Promise<void> {
  rankedFor = opened;
  const found = await work('ranking', () => client.run('rankTrunk', { grain }, follow));
  if (!found) return goOn();
  setState(({ ranked }) => ({ ranked: ranked?.print === found.print ? together(ranked, found) : found }));
  await showPlan();
  goOn();
}

/** One ranking knows fields, another channels. */
function together({ ranking: a }: RankedTrunk, { print, ranking: b }: RankedTrunk): RankedTrunk {
  const fields = { ...a.fields, ...b.fields };
  return { print, ranking: { ...b, fields, channels: { ...a.channels, ...b.channels } } };
}

async function measure(tuning: Tuning | null): Promise<void> {
  const { ranked, doing } = getState();
  const choice = choiceHere(ranked, useFields.getState().settled);
  const { opened, backend } = useLab.getState();
  if (!choice || !opened || doing === 'tuning') return;
  // What was being found out for later gives way.
  if (doing) cancel();
  if (tuning) setState({ tuning: newLiveTuning(tuning, choice) });
  const measured = await work(tuning ? 'tuning' : 'measuring', () =>
    client.run('pruneTrunk', { choice, tuning }, follow),
  );
  if (measured) {
    const engine = backend ? `${backend.backend} on ${backend.adapter}` : 'an unknown engine';
    await keep(pointOf(measured, choice, tuning, opened, engine));
  }
  goOn();
}

/** Runs a job to its end; undefined where it was cancelled or went wrong, which is said. */
async function work<Result>(
  doing: NonNullable<TrunkState['doing']>,
  run: () => Job<Result>,
): Promise<Result | undefined> {
  const own = run();
  job = own;
  setState({ doing, progress: null, trouble: null });
  try {
    const result = await own.result;
    // One that was cancelled while it ended.
    return job === own ? result : undefined;
  } catch (error) {
    if (job !== own || error instanceof JobCancelled) return undefined;
    if (doing === 'ranking') rankedFor = null;
    // Whoever ended the worker starts another one, and what is missing is done again; a fine-tuning only when asked.
    if (!(error instanceof WorkerLost)) setState({ trouble: explain(error) });
    else if (doing === 'tuning') setState({ trouble: lostWords(getState()) });
    return undefined;
  } finally {
    if (job === own) {
      job = null;
      setState({ doing: null, progress: null });
    }
  }
}

function lostWords({ points }: TrunkState): string {
  const kept = points?.length ?? 0;
  return `The compute engine ended during fine-tuning. Your setting and ${kept === 1 ? 'the one point' : `all ${kept} points`} measured so far were kept; start the fine-tuning again.`;
}

function cancel(): void {
  job?.control('cancel');
  job = null;
  setState({ doing: null, progress: null, tuning: null });
}

function follow(event: JobEvent): void {
  if (event.type === 'progress') {
    setState({ progress: { what: event.what, done: event.done, total: event.total } });
  }
  const { tuning, doing } = getState();
  if (tuning && doing === 'tuning') setState({ tuning: tuningFollowed(tuning, event) });
}

/** What the controls would remove, from the ranking alone. */
async function showPlan(): Promise<void> {
  const { ranked } = getState();
  const { form } = useFields.getState();
  const choice = choiceHere(ranked, form);
  if (!ranked || !choice) return;
  if (!isRanked(ranked.ranking, choice)) return setState({ plan: null, problem: null });
  try {
    // Time is measured when the controls rest; until then multiply-adds stand in for it.
    const plan = await plannedTrunk(ranked.ranking, choice, async (arch: ArchSpec) => totalCost(arch).macs);
    if (useFields.getState().form === form) setState({ plan, problem: null });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    // Whether a budget of time can be met, only measuring can tell.
    const isTime = form.units === 'fields' && form.by === 'latency';
    if (useFields.getState().form === form) setState({ plan: null, problem: isTime ? null : error.message });
  }
}

/** Another network: nothing of the last one is shown. */
function forget(): void {
  cancel();
  rankedFor = null;
  setState({ ranked: null, plan: null, problem: null, trouble: null });
}

/** Whether two openings are of the same network: a worker that is started again opens it anew. */
const isSame = (a: Opened, b: Opened): boolean =>
  a === b || JSON.stringify([a.subject, a.seed]) === JSON.stringify([b.subject, b.seed]);

async function readPoints(): Promise<void> {
  const points = await listPoints().catch(() => []);
  setState({ points });
  goOn();
}

async function keep(point: TrunkPoint): Promise<void> {
  setState(({ points }) => ({ points: [...(points ?? []).filter(({ id }) => id !== point.id), point] }));
  // Where the browser keeps nothing, it lasts as long as the page.
  await putPoint(point).catch(() => {});
}

function pointOf(
  { print, key, result }: MeasuredTrunk,
  choice: TrunkChoice,
  tuning: Tuning | null,
  opened: Opened,
  engine: string,
): TrunkPoint {
  const { recipe, nets } = opened;
  const network = { title: nets.main.title, print, family: familyOf(opened), seed: recipe?.seed ?? null };
  const id = pointId(print, choice, tuning);
  return { id, network, choice, tuning, key, result, engine, created: Date.now() };
}
