/** A sweep as plain values: which networks one stage makes of another, and how. */
import { BadInput } from '../errors';
import type { FinetuneSettings } from '../train/settings';
import type { StageOf } from './schema';
import type { StepOf } from './step';

/** A network pruned in one way, and its fine-tuning. */
export interface SweepCell {
  readonly pruning: StepOf<'prune'> | StepOf<'prune-fields'>;
  readonly finetune: StepOf<'finetune'> | null;
}

/** Every way to prune of a stage, in order. Throws `BadInput` for a stage that says none, or steps without fine-tuning. */
export function sweepCells({ neurons, fields }: StageOf<'sweep'>): SweepCell[] {
  if (!neurons && !fields)
    throw new BadInput('A "sweep" stage needs "neurons" or "fields": say what it is to prune.');
  return [...(neurons ? neuronCells(neurons) : []), ...(fields ? fieldCells(fields) : [])];
}

function neuronCells(grid: NonNullable<StageOf<'sweep'>['neurons']>): SweepCell[] {
  const { methods, compensations, cascades = ['aligned' as const], ratios } = grid;
  return methods.flatMap((method) =>
    compensations.flatMap((compensation) =>
      cascades.flatMap((cascade) =>
        ratios.map((ratio) => cellOf(grid, { kind: 'prune', ratio, method, compensation, cascade })),
      ),
    ),
  );
}

function fieldCells(grid: NonNullable<StageOf<'sweep'>['fields']>): SweepCell[] {
  const { methods, compensations, ratios, budget, layers } = grid;
  const where = { ...(budget && { budget }), ...(layers && { layers }) };
  return methods.flatMap((method) =>
    compensations.flatMap((compensation) =>
      ratios.map((ratio) => cellOf(grid, { kind: 'prune-fields', ratio, method, compensation, ...where })),
    ),
  );
}

function cellOf(
  { steps: count, finetune }: { readonly steps?: number; readonly finetune: FinetuneSettings | null },
  pruning: SweepCell['pruning'],
): SweepCell {
  if (count !== undefined && !finetune) {
    throw new BadInput(
      `A sweep in ${count} steps needs fine-tuning between them: give it "finetune" settings.`,
    );
  }
  const steps = count !== undefined && finetune ? { steps: { count, finetune } } : {};
  return {
    pruning: { ...pruning, ...steps },
    finetune: finetune && { kind: 'finetune', settings: finetune },
  };
}
