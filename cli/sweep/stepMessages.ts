/** What a worker and the processes that compute for it say to each other: JSON. */
import type { Recipe } from '../../src/lab/recipe/schema';
import type { Session } from '../sessions';
import type { TilesData } from './ground';
import type { WorkOf } from './work';

/** The hidden verb that such a process is started with. */
export const STEP_VERB = 'worker-step';

/** The tiles of a ground as this machine has them. */
export interface Tiles {
  readonly data: TilesData;
  /** What `openDataset` takes. */
  readonly reference: string;
}

/** Looks whether the tiles are those. */
interface OpenOrder {
  readonly type: 'open';
  readonly tiles: Tiles;
}

/** Does a step of a recipe. */
export interface StepOrder {
  readonly type: 'step';
  readonly work: WorkOf<'step'>;
  readonly recipe: Recipe;
  readonly tiles: Tiles;
  readonly store: string;
}

/** Does a training of a task. */
export interface TrainingOrder {
  readonly type: 'training';
  readonly id: string;
  readonly work: WorkOf<'training'>;
  readonly store: string;
}

export type Order = OpenOrder | StepOrder | TrainingOrder;

/** How far a job has come that trains: its epochs, and the validation accuracy after the last; in a task the loss. */
export type StepProgress = { readonly epoch: number; readonly epochs: number } & (
  | { readonly accuracy: number }
  | { readonly loss: number }
);

/** Whose fault it is that a job was not done. */
export type Fault =
  /** The work's own or the data's: it would fail again. */
  | 'input'
  /** The worker's, which does not reach its tiles or the store: it waits, and gives the job back. */
  | 'worker'
  /** Anybody's: it may go better next time. */
  | 'unknown';

/** Orders are done one after the other, and each answer says to which of them it belongs. */
export interface Numbered<T> {
  readonly order: number;
  readonly content: T;
}

export type Answer =
  | { readonly type: 'opened'; readonly refusal: string | null }
  | { readonly type: 'progress'; readonly progress: StepProgress }
  /** What people are to know, such as of a file in the store that was damaged. */
  | { readonly type: 'said'; readonly sentence: string }
  | { readonly type: 'done'; readonly session: Session }
  | { readonly type: 'failed'; readonly fault: Fault; readonly reason: string };
