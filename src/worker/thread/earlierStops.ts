/**
 * What an earlier visit computed of the units inside a transformer's blocks, or of a network's filters: of each kind of unit
 * what they answered, of each ranking the curves that were measured.
 */
import { sliderUnits } from '../../lab/families/units';
import type { AnyModel } from '../../lab/nn/model';
import type { BlockAnswers, BlockTiles, BlockWay } from '../../lab/prune/blocks/study';
import type { FilterAnswers } from '../../lab/prune/filters/study';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { studyWith } from '../../lab/prune/stops/open';
import type { StopStudy } from '../../lab/prune/stops/removal';
import { Earlier, type Engine, type Opened } from './earlier';

type Named = Pick<StopStudy, 'unit' | 'ranking'>;
type Answers = BlockAnswers | FilterAnswers;

/** Validation tiles that curves are measured on at most: they are run anew for every point. */
const MOST_TILES = 128;

/** Of so many validation tiles, how many curves are measured on. */
export const tilesOfCurves = (all: number): number => Math.min(MOST_TILES, all);

export class EarlierStops {
  private readonly units = new Map<StopStudy['unit'], Earlier<Answers>>();

  /** `seed`: for the random criterion. The rest as for `Earlier`. */
  constructor(
    private readonly opened: Opened,
    private readonly engine: Engine,
    private readonly code: string | null,
    private readonly seed: number,
  ) {}

  /** The curves that are kept and fit, on all tiles that curves are measured on. */
  sheet(way: Named): Promise<Sheet | undefined> {
    const asked = this.asked(way);
    return this.of(asked).sheet(this.nameOf(asked), tilesOfCurves(this.opened.splits.val.length));
  }

  /** The study of a kind of unit without running the network, where its answers are kept and fit. */
  study(model: AnyModel, tiles: BlockTiles, way: BlockWay): Promise<StopStudy | null> {
    return this.of(this.asked(way)).take((kept) => studyWith(model, tiles, way, this.seed, kept));
  }

  /** Keeps what was measured so far of a study for the next visit. */
  keep(study: StopStudy, sheet: Sheet): Promise<void> {
    const { statistics, responses, baseline, decided } = study;
    return this.of(study).keep(
      () => ({ statistics, responses, baseline, decided }) as Answers,
      this.nameOf(study),
      sheet,
    );
  }

  /** Filters are ranked in one way, whatever is said of blocks. */
  private asked(way: Named): Named {
    const isOfFilters = sliderUnits(this.opened.model.arch).includes('filter');
    return isOfFilters ? { unit: 'filter', ranking: 'block' } : way;
  }

  private of({ unit }: Pick<Named, 'unit'>): Earlier<Answers> {
    const { opened, engine, code } = this;
    const known = this.units.get(unit) ?? new Earlier<Answers>(opened, engine, code, unit);
    this.units.set(unit, known);
    return known;
  }

  private nameOf = ({ ranking }: Named): string => `${ranking} ${this.seed}`;
}
