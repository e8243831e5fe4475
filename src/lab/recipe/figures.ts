/** What the records of all kinds of steps say of their network under quarter turns, in one form. */
import { z } from 'zod';
import type { StageRecord } from '../stage/store';

const turnsSchema = z.object({
  /** Accuracy at 0°, 90°, 180° and 270°. */
  turned: z.array(z.number()).optional(),
  angles: z.array(z.object({ degrees: z.number(), accuracy: z.number() })).optional(),
  agreement: z.number().optional(),
  changed: z.number().optional(),
  undecided: z.number().optional(),
  /** Of the logits. */
  error: z.number().optional(),
  equivarianceError: z.array(z.object({ max: z.number() })).optional(),
});

/** Of one network; null where a record does not say. Shares are 0 … 1. */
export interface TurnFigures {
  /** Accuracy at the four quarter turns. */
  readonly turned: readonly number[] | null;
  /** Share of the decided tiles with the same answer at all of them, and how many changed it or were undecided. */
  readonly agreement: number | null;
  readonly changed: number | null;
  readonly undecided: number | null;
  /** Equivariance error of the logits. */
  readonly error: number | null;
}

const QUARTERS = [0, 90, 180, 270];

/** The quarter turns in a record. */
export function turnsIn(record: StageRecord): TurnFigures {
  const known = turnsSchema.safeParse(record).data ?? {};
  const { angles, turned, agreement = null, changed = null, undecided = null } = known;
  const at = QUARTERS.map((turn) => angles?.find(({ degrees }) => degrees === turn)?.accuracy);
  const isWhole = at.every((accuracy) => accuracy !== undefined);
  return {
    turned: turned ?? (isWhole ? at : null),
    ...{ agreement, changed, undecided },
    error: known.equivarianceError?.at(-1)?.max ?? known.error ?? null,
  };
}
