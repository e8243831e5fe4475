/**
 * What was computed of a run's networks and serves several steps: what the convolutions answer to every tile, which a
 * pruned or fine-tuned head leaves as it is. The last few are kept; they are large.
 */
import type { Dataset, Splits } from '../data/dataset';
import type { GcnnModel } from '../families/gcnn/model';
import { type NeuronStatistics, statisticsOf } from '../prune/neurons/statistics';
import { checkHead, type HeadCheck, type HeadTiles, openHeadTiles } from '../prune/neurons/study';
import type { Stage } from '../stage/events';

/** At once: of a pruned network and of the one it is held against. */
const MOST = 2;

export class Studies {
  readonly #tiles = new Map<string, HeadTiles>();
  readonly #statistics = new Map<string, NeuronStatistics>();
  readonly #baselines = new Map<string, HeadCheck>();

  /** Head inputs of training and validation tiles. trunk: the name of what decides them. */
  async *tilesOf(trunk: string, model: GcnnModel, dataset: Dataset, splits: Splits): Stage<HeadTiles> {
    const known = this.#tiles.get(trunk);
    const tiles = known ?? (yield* openHeadTiles(model, dataset, splits));
    this.put(trunk, tiles);
    return tiles;
  }

  /** Keeps what is known already, as the one used last. */
  put(trunk: string, { train, turns }: HeadTiles): void {
    this.#tiles.delete(trunk);
    // Not what else a study holds: the next network with this trunk may have another head.
    this.#tiles.set(trunk, { train, turns });
    for (const oldest of [...this.#tiles.keys()].slice(0, -MOST)) this.#tiles.delete(oldest);
  }

  /** Activation statistics of a network's hidden neurons on its training tiles. */
  async statisticsOf(network: string, model: GcnnModel, { train }: HeadTiles): Promise<NeuronStatistics> {
    const known = this.#statistics.get(network) ?? (await statisticsOf(model, train));
    this.#statistics.clear();
    this.#statistics.set(network, known);
    return known;
  }

  /** A network on the validation tiles at the four quarter turns. */
  async baselineOf(network: string, model: GcnnModel, { turns }: HeadTiles): Promise<HeadCheck> {
    const known = this.#baselines.get(network) ?? (await checkHead(turns, model));
    this.#baselines.set(network, known);
    return known;
  }
}
