/** What is known of the other tasks: networks as far as they are trained, and what they made of the flow and scene shown. */
import { create } from 'zustand';
import type { ShownScene } from '../../lab/detection/shown';
import type { ShownFlow } from '../../lab/fluids/shown';
import type { Way } from '../../lab/tasks/adapting';
import type { JobEvent, TaskNetwork } from '../../worker/protocol/results';
import type { Wanted } from './form';

/** A network that is being trained. */
export interface LiveNetwork {
  readonly wanted: Wanted;
  readonly status: 'starting' | 'running' | 'stopping';
  /** What is done where no batch is; null while there are batches. */
  readonly what: string | null;
  /** The training that runs, of those that lead to the network. */
  readonly training: string | null;
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly examplesPerSecond: number | null;
}

export const startingNetwork = (wanted: Wanted): LiveNetwork => ({
  ...{ wanted, status: 'starting', what: 'starting the engine', training: null },
  ...{ epoch: 0, epochs: 0, batch: 0, batches: 0, examplesPerSecond: null },
});

export function applyToNetwork(live: LiveNetwork, event: JobEvent): LiveNetwork {
  const running = live.status === 'stopping' ? live.status : 'running';
  switch (event.type) {
    case 'stage-started':
      return { ...live, status: running, what: null, training: event.stage, epoch: 1, epochs: 0, batch: 0 };
    case 'progress':
      // The validation of an epoch is part of it.
      return event.what === 'validation' ? live : { ...live, status: running, what: event.what };
    case 'batch': {
      const { epoch, epochs, batch, batches, tilesPerSecond } = event;
      return {
        ...live,
        status: running,
        what: null,
        epoch,
        epochs,
        batch,
        batches,
        examplesPerSecond: tilesPerSecond,
      };
    }
    default:
      return live;
  }
}

/** The share of the training that runs which is done. */
export const shareOf = ({ epoch, epochs, batch, batches }: LiveNetwork): number =>
  epochs > 0 && batches > 0 ? (epoch - 1 + batch / batches) / epochs : 0;

/** What stands beside what a network made: what nobody made anything of. */
export type Maker = Way | 'nobody';

/** Something shown, what it was asked for by, and the network that looked at it. */
export interface Asked<Shown> {
  readonly key: string;
  readonly of: string | null;
  readonly shown: Shown;
}

export interface TasksKnown {
  readonly networks: Readonly<Record<string, TaskNetwork>>;
  readonly live: LiveNetwork | null;
  /** Of each maker what it was asked for last, which is shown until the next is there. */
  readonly flows: Readonly<Partial<Record<Maker, Asked<ShownFlow>>>>;
  readonly scenes: Readonly<Partial<Record<Maker, Asked<ShownScene>>>>;
  /** What is being done that is no training. */
  readonly busy: string | null;
  readonly trouble: string | null;
  /** Why the last training ended badly. */
  readonly refusal: string | null;
  readonly notice: string | null;
}

export const useTasksKnown = create<TasksKnown>()(() => ({
  ...{ networks: {}, live: null, flows: {}, scenes: {} },
  ...{ busy: null, trouble: null, refusal: null, notice: null },
}));

/** Whether all of a network's epochs are there. */
export const isTrained = (network: TaskNetwork | undefined): boolean => network?.figures != null;

/**
 * What a way's network made of what is shown: maybe yet of the flow or scene before, never another network's. Where it has
 * made nothing, what nobody made anything of.
 */
export function shownBy<Shown>(
  all: Readonly<Partial<Record<Maker, Asked<Shown>>>>,
  wanted: Wanted,
): Asked<Shown> | undefined {
  const own = all[wanted.way];
  return own?.of === wanted.key ? own : all.nobody;
}
