/** What every λ came to, over the folds and the seeds that are done: from the records that they left. */
import { z } from 'zod';
import { type Spread, spreadOf } from '../../lab/adapt/choose';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import type { StageRecord } from '../../lab/stage/store';

const foldSchema = z.object({
  kind: z.literal('adapt-fold'),
  lambda: z.number(),
  accuracy: z.number(),
  moved: z.object({ accuracy: z.number(), agreement: z.number() }),
  /** Absent in records of before it was measured. */
  error: z.number().optional(),
  penalty: z.enum(PENALTY_IDS),
  discrepancies: z.record(z.enum(PENALTY_IDS), z.number().nullable()),
});

/** One λ over what was tried of it: on held-out tiles, upright and in all positions of the group. */
export interface SweepPoint {
  readonly lambda: number;
  /** Folds that are done, of all seeds. */
  readonly folds: number;
  readonly accuracy: Spread;
  readonly moved: Spread;
  readonly agreement: Spread;
  /** Equivariance error of the logits. */
  readonly error: Spread | null;
  /** R, of the kind that was trained. */
  readonly penalty: Spread | null;
}

/** The values of λ in rising order. */
export function sweepPoints(records: readonly StageRecord[]): SweepPoint[] {
  const folds = records.flatMap((record) => foldSchema.safeParse(record).data ?? []);
  const values = [...new Set(folds.map(({ lambda }) => lambda))].sort((a, b) => a - b);
  return values.map((lambda) => {
    const own = folds.filter((fold) => fold.lambda === lambda);
    const over = (figure: (fold: (typeof own)[number]) => number) => spreadOf(own.map(figure));
    const maybe = (figure: (fold: (typeof own)[number]) => number | null | undefined) => {
      const known = own.flatMap((fold) => figure(fold) ?? []);
      return known.length === own.length ? spreadOf(known) : null;
    };
    return {
      lambda,
      folds: own.length,
      accuracy: over(({ accuracy }) => accuracy),
      moved: over(({ moved }) => moved.accuracy),
      agreement: over(({ moved }) => moved.agreement),
      error: maybe(({ error }) => error),
      penalty: maybe(({ penalty, discrepancies }) => discrepancies[penalty]),
    };
  });
}

/** Places of some λ on an axis of powers of ten, on which 0 has a place of its own, one step below the least of the others. */
export function lambdaPlaces(lambdas: readonly number[]): { readonly lambda: number; readonly at: number }[] {
  const positive = lambdas.filter((lambda) => lambda > 0).map(Math.log10);
  const least = positive.length > 0 ? Math.min(...positive) : 1;
  return lambdas.map((lambda) => ({ lambda, at: lambda > 0 ? Math.log10(lambda) : least - 1 }));
}
