/** What a training leaves after each epoch, so that it can go on from there. Plain data. */
import type { Params } from '../nn/model';
import type { EpochRecord } from './history';

/** Everything a training needs to go on after the epoch it was written at. */
export interface FitCheckpoint {
  readonly params: Params;
  readonly best: Params;
  readonly adam: { readonly step: number; readonly first: Params; readonly second: Params };
  readonly history: readonly EpochRecord[];
  /** The constants of the problem it learns, where there are any. */
  readonly constants?: Params;
}
