/** The run that is going on right now, as the page follows it: a value, and what each event makes of it. */
import { type Planned, planRecipe } from '../../lab/recipe/plan';
import type { Recipe, StageKind } from '../../lab/recipe/schema';
import type { StepKind } from '../../lab/recipe/step';
import type { BackendReport } from '../../lab/runtime/backend';
import type { EpochRecord } from '../../lab/stage/history';
import type { StageRecord } from '../../lab/stage/store';
import type { Kept, RunKind } from '../../storage/rows';
import type { JobEvent } from '../../worker/protocol/results';
import { type LinePoint, thinPoints, timeLeft } from './pace';

/** Points of a line that a chart is given at most. */
export const MOST_POINTS = 300;

export interface LiveRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly status: 'starting' | 'running' | 'paused' | 'stopping';
  /** All records the recipe is going to leave, and those finished. */
  readonly plan: readonly Planned[];
  readonly records: readonly StageRecord[];
  /** What is done around the epochs, in words; null while something is trained. */
  readonly what: string | null;
  /** The training that is going on, or the last one: its stage, the epochs it may take, those finished. */
  readonly training: string | null;
  readonly epochs: number;
  readonly history: readonly EpochRecord[];
  /** Of the running epoch: batches done, of how many. */
  readonly batch: number;
  readonly batches: number;
  /** Tiles of a batch. */
  readonly batchSize: number;
  /** Losses of single batches, by epochs passed. */
  readonly losses: readonly LinePoint[];
  /** Training tiles per second over the running epoch; null before its first batch. */
  readonly rate: number | null;
  /** The epoch that this training went on from, if it did, and the number of epochs this engine found finished. */
  readonly resumedFrom: number | null;
  readonly backend: BackendReport | null;
}

/** A run before its worker has said anything. Throws `BadInput` for a recipe whose stages cannot follow each other. */
export function newLiveRun(id: string, kind: RunKind, name: string, recipe: Recipe): LiveRun {
  const plan = planRecipe(recipe);
  return {
    id,
    kind,
    name,
    status: 'starting',
    plan,
    records: [],
    what: 'starting the engine',
    ...fresh(plan.find(hasEpochs)),
    backend: null,
  };
}

/** What an event of its job makes of a run. */
export function applyEvent(run: LiveRun, event: JobEvent): LiveRun {
  switch (event.type) {
    case 'kept':
      return applyKept(run, event);
    case 'stage-started': {
      const kind = event.stage as StageKind;
      return { ...run, status: beginStatus(run.status), what: WORDS[kind] ?? null };
    }
    case 'progress':
      return { ...run, what: PROGRESS[event.what] ?? event.what };
    case 'batch': {
      const point = { x: event.epoch - 1 + event.batch / event.batches, y: event.loss, weight: 1 };
      const losses = thinPoints([...run.losses.filter(({ x }) => x < point.x), point], MOST_POINTS);
      const { batch, batches, tilesPerSecond: rate } = event;
      return { ...run, what: null, batch, batches, rate, losses };
    }
    case 'epoch': {
      const { type: _, epochs, ...record } = event;
      const before = run.history.filter(({ epoch }) => epoch < record.epoch);
      return { ...run, what: null, epochs, history: [...before, record], batch: 0 };
    }
    default:
      return run;
  }
}

/** The stage that is going on: the first that has left no record; null when all have. */
export const currentStage = ({ plan, records }: Pick<LiveRun, 'plan' | 'records'>): Planned | null =>
  plan.find(({ name }) => !records.some((record) => record.name === name)) ?? null;

/** What is kept of the run: at the start of a worker what it goes on from, later a finished stage more. */
function applyKept(run: LiveRun, { records, history, later }: Kept): LiveRun {
  const next = { ...run, records };
  const current = currentStage(next);
  // The last training's charts stay while its network is checked.
  if (!current || !hasEpochs(current)) {
    return records.length > 0 && run.history.length === 0 ? { ...next, history } : next;
  }
  const epochs =
    current.name === next.plan[0].name ? history : later?.stage === current.name ? later.history : [];
  const losses = run.training === current.name ? run.losses.filter(({ x }) => x <= epochs.length) : [];
  const resumedFrom = epochs.length || null;
  return { ...next, ...fresh(current), history: epochs, losses, resumedFrom };
}

const WORDS: Partial<Record<StageKind, string>> = {
  continue: 'asking the network that goes on',
  distil: 'asking the teacher',
  prune: 'collecting what the neurons answer',
  sweep: 'collecting what the units answer',
  'prune-fields': 'collecting what the fields answer',
  finetune: 'running the network over the tiles',
  adapt: 'looking at turned tiles',
  project: 'averaging the weights over the group',
  quantise: 'rounding to integers, and comparing',
  check: 'turning the tiles',
};

/** What the lab calls its progress, in words. */
const PROGRESS: Readonly<Record<string, string>> = {
  angles: 'turning the tiles',
  features: 'running the network over the tiles',
  folds: 'trying one λ after the other',
  positions: 'turning the tiles',
  norms: 'estimating the norms anew',
  prunings: 'pruning',
  timing: 'timing smaller networks',
  validation: 'checking the epoch on the validation tiles',
};

/** Whether a stage has epochs. */
export const hasEpochs = (planned: Pick<Planned, 'kind'> | null): boolean =>
  planned !== null && TRAININGS.has(planned.kind);

const TRAININGS: ReadonlySet<StepKind> = new Set([
  ...(['train', 'continue', 'distil', 'finetune', 'adapt', 'adapt-fold'] as const),
]);

/** A training of which nothing is done yet. */
function fresh(planned: Planned | undefined) {
  const { epochs, batch } = (planned && settingsOf(planned)) ?? { epochs: 1, batch: 1 };
  return {
    training: planned?.name ?? null,
    epochs,
    history: [],
    batch: 0,
    batches: 0,
    batchSize: batch,
    losses: [],
    rate: null,
    resumedFrom: null,
  };
}

/** How long a stage trains at most; null for one that does not train. */
export function settingsOf({ step }: Pick<Planned, 'step'>): { epochs: number; batch: number } | null {
  return 'settings' in step ? step.settings : null;
}

const beginStatus = (status: LiveRun['status']): LiveRun['status'] =>
  status === 'starting' ? 'running' : status;

/** Share of the training's batches done, 0 … 1. */
export function shareDone({ history, epochs, batch, batches }: LiveRun): number {
  return Math.min(1, (history.length + (batches ? batch / batches : 0)) / epochs);
}

/** Share of a run's stages done, that of the training that is going on among them, 0 … 1. */
export function shareOfRun(live: LiveRun): number {
  const { plan, records, what, training } = live;
  // What was trained last has its record already while something else is done.
  const isTraining = what === null && training !== null && !records.some(({ name }) => name === training);
  return Math.min(1, (records.length + (isTraining ? shareDone(live) : 0)) / plan.length);
}

/** Seconds of the training left; null while nothing can be said. */
export function secondsLeft({ history, epochs, batch, batches, batchSize, rate, resumedFrom }: LiveRun) {
  return timeLeft({
    finished: history.slice(resumedFrom ?? 0).map(({ seconds }) => seconds),
    epochs,
    done: history.length,
    share: batches ? batch / batches : 0,
    seconds: rate ? (batch * batchSize) / rate : 0,
  });
}
