import type { UnitFilters } from '../units/filters';
import type { RankingStatistics } from '../units/statistics';

/** What a criterion may look at, whatever the units are. Statistics come from training tiles only. */
export interface Evidence {
  readonly filters: UnitFilters;
  /** Of each unit's activation as its consumer reads it. */
  readonly statistics: RankingStatistics;
  readonly seed: number;
}

/** A way to rank units: those with the lowest saliency go first. */
export interface Criterion {
  readonly id: string;
  /** One line for people: what it ranks by. */
  readonly title: string;
  /** What it looks at: the weights alone, or what units answer to training tiles. */
  readonly from: 'weights' | 'answers';
  readonly source: string;
  /** One value per unit. */
  saliency(evidence: Evidence): Float64Array;
}
