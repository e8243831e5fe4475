/** The values of λ that folds tried, as a table to read. */
import type { LambdaFigures, Spread } from '../../lab/adapt/choose';
import type { StageRecord } from '../../lab/stage/store';

const HEAD = ['λ', 'Accuracy', 'In all positions', 'Same answer', 'R'] as const;

/** A row for each λ, the chosen one marked; null where none was chosen by folds. */
export function lambdaRows(
  record: StageRecord,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } | null {
  if (record.kind !== 'adapt' || !Array.isArray(record.lambdas)) return null;
  const rows = (record.lambdas as readonly LambdaFigures[]).map((each) => [
    `${each.lambda}${each.lambda === record.lambda ? ', chosen' : ''}`,
    ...[each.accuracy, each.moved, each.agreement].map(shares),
    each.penalty ? `${each.penalty.mean.toPrecision(3)} ± ${each.penalty.sd.toPrecision(2)}` : '–',
  ]);
  return { head: HEAD, rows };
}

const shares = ({ mean, sd }: Spread): string =>
  `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}\u00a0%`;
