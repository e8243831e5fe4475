import type { Model } from '../../nn/model';
import type { UnitStatistics } from '../statistics';

/** What a criterion may look at. Statistics come from training tiles only. */
export interface Evidence {
  readonly model: Model;
  /** Mean and variance of each unit as its consumer reads it. */
  readonly statistics: UnitStatistics;
  readonly seed: number;
}

/** A way to rank units: those with the lowest saliency go first. */
export interface Criterion {
  readonly id: string;
  /** One line for people: what it ranks by. */
  readonly title: string;
  readonly source: string;
  /** One value per unit. */
  saliency(evidence: Evidence): Float64Array;
}
