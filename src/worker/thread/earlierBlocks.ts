/**
 * What an earlier visit computed of the units inside a transformer's blocks: of each kind of unit what they answered, of
 * each ranking the curves that were measured.
 */
import type { VitModel } from '../../lab/families/vit/model';
import {
  type BlockAnswers,
  type BlockStudy,
  type BlockTiles,
  type BlockWay,
  blockStudyWith,
} from '../../lab/prune/blocks/study';
import type { BlockUnit } from '../../lab/prune/blocks/units';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { Earlier, type Engine, type Opened } from './earlier';

/** Validation tiles that curves are measured on at most: they are run anew for every point. */
const MOST_TILES = 128;

/** Of so many validation tiles, how many curves are measured on. */
export const tilesOfCurves = (all: number): number => Math.min(MOST_TILES, all);

export class EarlierBlocks {
  private readonly units = new Map<BlockUnit, Earlier<BlockAnswers>>();

  /** `seed`: for the random criterion. The rest as for `Earlier`. */
  constructor(
    private readonly opened: Opened,
    private readonly engine: Engine,
    private readonly code: string | null,
    private readonly seed: number,
  ) {}

  /** The curves that are kept and fit, on all tiles that curves are measured on. */
  sheet(way: BlockWay): Promise<Sheet | undefined> {
    return this.of(way).sheet(this.nameOf(way), tilesOfCurves(this.opened.splits.val.length));
  }

  /** The study of a kind of unit without running the network, where its answers are kept and fit. */
  study(model: VitModel, tiles: BlockTiles, way: BlockWay): Promise<BlockStudy | null> {
    return this.of(way).take((kept) => blockStudyWith(model, tiles, way, this.seed, kept));
  }

  /** Keeps what was measured so far of a study for the next visit. */
  keep(study: BlockStudy, sheet: Sheet): Promise<void> {
    const { statistics, responses, baseline, decided } = study;
    return this.of(study).keep(
      () => ({ statistics, responses, baseline, decided }),
      this.nameOf(study),
      sheet,
    );
  }

  private of({ unit }: BlockWay): Earlier<BlockAnswers> {
    const { opened, engine, code } = this;
    const known = this.units.get(unit) ?? new Earlier<BlockAnswers>(opened, engine, code, unit);
    this.units.set(unit, known);
    return known;
  }

  private nameOf = ({ ranking }: BlockWay): string => `${ranking} ${this.seed}`;
}
