/** Which λ a cross-validation comes to, from the figures of its folds. */
import type { LambdaSweep } from './settings';

/** What one value came to on one fold. */
export interface FoldFigures {
  readonly lambda: number;
  readonly fold: number;
  /** On held-out tiles, upright and (mean) in all positions of the group. */
  readonly accuracy: number;
  readonly moved: number;
  /** Over the positions of the group. */
  readonly agreement: number;
  /** R on held-out tiles, of the kind that was trained; null where it has none. */
  readonly penalty: number | null;
}

export interface Spread {
  readonly mean: number;
  /** Sample deviation over the folds. */
  readonly sd: number;
}

/** A value of λ over all folds. */
export interface LambdaFigures {
  readonly lambda: number;
  readonly accuracy: Spread;
  readonly moved: Spread;
  readonly agreement: Spread;
  readonly penalty: Spread | null;
}

/** Value by value, in the order in which they were tried. */
export function overFolds(folds: readonly FoldFigures[]): LambdaFigures[] {
  return [...new Set(folds.map(({ lambda }) => lambda))].map((lambda) => {
    const own = folds.filter((each) => each.lambda === lambda);
    const of = (figure: (fold: FoldFigures) => number) => spreadOf(own.map(figure));
    const known = own.every(({ penalty }) => penalty !== null);
    return {
      lambda,
      accuracy: of(({ accuracy }) => accuracy),
      moved: of(({ moved }) => moved),
      agreement: of(({ agreement }) => agreement),
      penalty: known ? of(({ penalty }) => penalty!) : null,
    };
  });
}

/** The value with the highest mean accuracy; of equals the larger, which asks for more symmetry at no cost. */
export function bestLambda(values: readonly LambdaFigures[], by: LambdaSweep['by']): number {
  const score = ({ accuracy, moved }: LambdaFigures) => (by === 'upright' ? accuracy : moved).mean;
  return values.reduce((best, each) =>
    score(each) > score(best) || (score(each) === score(best) && each.lambda > best.lambda) ? each : best,
  ).lambda;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(square / (values.length - 1)) : 0 };
}
