/** The run that trains right now, as the page follows it: a value, and what each event makes of it. */
import type { BackendReport } from '../lab/runtime/backend';
import type { EpochRecord } from '../lab/train/history';
import type { JobEvent } from '../worker/protocol';
import { type LinePoint, thinned, timeLeft } from './pace';

/** Points of a line that a chart is given at most. */
export const MOST_POINTS = 300;

export interface LiveRun {
  readonly id: string;
  readonly name: string;
  readonly status: 'starting' | 'running' | 'paused' | 'stopping';
  /** What is done before and after the epochs, in words; null while it trains. */
  readonly what: string | null;
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
  /** The epoch that training went on from, if it did, and the number of epochs this engine found finished. */
  readonly resumedFrom: number | null;
  readonly backend: BackendReport | null;
}

export function newLiveRun(id: string, name: string, epochs: number, batchSize: number): LiveRun {
  return {
    id,
    name,
    status: 'starting',
    what: 'starting the engine',
    epochs,
    history: [],
    batch: 0,
    batches: 0,
    batchSize,
    losses: [],
    rate: null,
    resumedFrom: null,
    backend: null,
  };
}

/** What an event of its job makes of a run. */
export function followed(run: LiveRun, event: JobEvent): LiveRun {
  switch (event.type) {
    case 'resumed': {
      const resumedFrom = event.history.length;
      const losses = run.losses.filter(({ x }) => x <= resumedFrom);
      return { ...run, history: event.history, resumedFrom, losses, batch: 0, rate: null };
    }
    case 'stage-started':
      return {
        ...run,
        status: begun(run.status),
        what: event.stage === 'train' ? null : 'turning the tiles',
      };
    case 'progress':
      return { ...run, what: event.what === 'angles' ? 'turning the tiles' : event.what };
    case 'batch': {
      const point = { x: event.epoch - 1 + event.batch / event.batches, y: event.loss, weight: 1 };
      const losses = thinned([...run.losses, point], MOST_POINTS);
      return { ...run, batch: event.batch, batches: event.batches, rate: event.tilesPerSecond, losses };
    }
    case 'epoch': {
      const { type: _, epochs, ...record } = event;
      return { ...run, epochs, history: [...run.history, record], batch: 0 };
    }
    default:
      return run;
  }
}

const begun = (status: LiveRun['status']): LiveRun['status'] => (status === 'starting' ? 'running' : status);

/** Share of the run's batches done, 0 … 1. */
export function shareDone({ history, epochs, batch, batches }: LiveRun): number {
  return Math.min(1, (history.length + (batches ? batch / batches : 0)) / epochs);
}

/** Seconds of training left; null while nothing can be said. */
export function secondsLeft({ history, epochs, batch, batches, batchSize, rate, resumedFrom }: LiveRun) {
  return timeLeft({
    finished: history.slice(resumedFrom ?? 0).map(({ seconds }) => seconds),
    epochs,
    done: history.length,
    share: batches ? batch / batches : 0,
    seconds: rate ? (batch * batchSize) / rate : 0,
  });
}
