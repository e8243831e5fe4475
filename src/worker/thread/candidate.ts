/** A network with its tiles, ready to be run. */
import type { Dataset, Splits } from '../../lab/data/dataset';
import type { AnyModel } from '../../lab/nn/model';
import type { SplitSettings } from '../../lab/recipe/schema';

export interface Candidate {
  readonly model: AnyModel;
  /** At the network's input size; its pixels may not be there yet. */
  readonly dataset: Dataset;
  /** Stands for the dataset's tiles: equal words, equal tiles. */
  readonly tiles: string;
  readonly splits: Splits;
  /** What the split is made by. */
  readonly split: SplitSettings;
  /** The tiles as a recipe is given them, before they are made smaller. */
  source(): Dataset;
  readonly title: string;
  /** Changes with the network, so that no checkpoint of another one is taken up. */
  readonly fingerprint: string;
}
