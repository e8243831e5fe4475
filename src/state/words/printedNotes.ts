/** A stage beside the paper's and the reference's figures, and why they do not compare, computed from the run. */
import { PAPER, PAPER_DATA, PAPER_PARAMETERS, type PrintedRow, REFERENCE } from '../../lab/reproduce/printed';
import type { Printed } from '../../lab/reproduce/report';
import type { RunRow } from '../../storage/rows';
import type { Card } from '../pipeline/cards';
import { count, percent, whole } from './format';

export interface PaperRow {
  readonly label: string;
  readonly paper: Printed;
  readonly reference: Printed | null;
}

const LABELS: Readonly<Record<PrintedRow, string>> = {
  original: 'Original',
  distilled: 'Distilled',
  'pruned 30%': 'Pruned 30 %',
  'tuned 30%': 'Pruned 30 %, fine-tuned',
  'pruned 50%': 'Pruned 50 %',
  'tuned 50%': 'Pruned 50 %, fine-tuned',
  int8: 'Pruned 50 %, fine-tuned, INT8',
  cnn: 'Base CNN',
};

/** The rows of the paper's Table II that a stage stands beside. */
export function paperRowsOf({ planned, record }: Card): PaperRow[] {
  const { kind, step } = planned;
  return rowsFor().map((id) => ({
    label: LABELS[id],
    paper: PAPER[id],
    reference: (REFERENCE as Partial<Record<PrintedRow, Printed>>)[id] ?? null,
  }));

  function rowsFor(): PrintedRow[] {
    if (kind === 'train') return ['original'];
    if (kind === 'distil') return ['distilled'];
    if (kind === 'quantise' || (step.kind === 'check' && step.part === 'test')) return ['int8'];
    const word = kind === 'prune' ? 'pruned' : kind === 'finetune' ? 'tuned' : null;
    if (!word) return [];
    const ratio = step.kind === 'prune' ? step.ratio : ratioIn(String(record?.from));
    if (ratio === 0.3) return [`${word} 30%`];
    return ratio === 0.5 ? [`${word} 50%`] : [`${word} 30%`, `${word} 50%`];
  }
}

/** The share removed, by the name of the pruning that was fine-tuned. */
const ratioIn = (name: string): number => Number(/ (\d+(?:\.\d+)?)%/.exec(name)?.[1]) / 100;

/** Why the figures of a run are not the paper's, most important first. */
export function differencesFromPaper(
  run: Pick<RunRow, 'data' | 'params' | 'recipe' | 'tiles'>,
  card: Card,
): string[] {
  const { data, params, recipe } = run;
  const part = card.figures?.part ?? 'val';
  const tiles = `${data.title}, ${count(data.count, 'tile')}`;
  return [
    `Other tiles: ${tiles} here; ${PAPER_DATA} in the paper.`,
    params === PAPER_PARAMETERS
      ? `The same number of parameters as the paper’s network (${whole(params)}).`
      : `Another network: ${recipe.arch.id} with ${whole(params)} parameters here; ${whole(PAPER_PARAMETERS)} in the paper.`,
    part === 'test'
      ? `Accuracy is that of ${count(run.tiles.test, 'test tile')} of this split, which is not the paper’s.`
      : `Accuracy here is that of ${count(run.tiles[part], 'validation tile')}, by which epochs are chosen; the paper’s is of its test tiles.`,
    ...collapse(card),
  ];
}

/** The paper’s pruned networks collapse; where these do not, that is worth a sentence. */
function collapse({ planned, record, figures }: Card): string[] {
  const { step } = planned;
  // Where they do not follow, the network did what the paper’s may have done.
  if (step.kind !== 'prune' || step.cascade !== 'aligned' || !record || !figures) return [];
  const { dead, units } = record as unknown as { dead: number; units: number };
  const idle =
    dead > 0 ? ` ${dead} of ${units} hidden neurons never spoke, so removing them costs nothing.` : '';
  return [
    `The paper’s collapse looks like a next layer whose inputs did not follow the neurons that were kept; here they follow.${idle}`,
  ];
}

/** "93.8 %, 1.01 MB, 50.4 % smaller". */
export function printedWords({ accuracy, megabytes, reduction }: Printed): string {
  return [
    accuracy === undefined ? null : percent2(accuracy),
    megabytes === undefined ? null : `${megabytes.toFixed(2)}\u00a0MB`,
    reduction === undefined ? null : `${percent(reduction)} smaller`,
  ]
    .filter((word) => word !== null)
    .join(', ');
}

/** With the digits that were printed: 0.9737 → "97.37 %". */
const percent2 = (share: number): string => `${Number((100 * share).toFixed(2))}\u00a0%`;
