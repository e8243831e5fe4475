/** The fluids task with three of its trainings, which take seconds. */
import { fluids } from '../../../src/lab/tasks/fluids';
import type { Task } from '../../../src/lab/tasks/task';

const LAMBDA = 'plain, adapted with λ 1';
export const KEPT = ['plain', 'plain, fine-tuned', LAMBDA] as const;

/** epochs: of what begins with fresh weights, and of what goes on from there. */
export const smallTask = (epochs: { readonly fresh: number; readonly goingOn: number }): Task => ({
  ...fluids,
  rows: fluids.rows
    .filter(({ id }) => ['still', 'plain', 'tuned', 'adapted'].includes(id))
    .map((row) => (row.id === 'adapted' ? { ...row, of: [LAMBDA] } : row)),
  claims: fluids.claims.filter(
    ({ row, against }) => ['tuned', 'adapted'].includes(row) && against !== 'augmented',
  ),
  trainings: (scale) =>
    fluids
      .trainings(scale)
      .filter(({ id }) => KEPT.some((kept) => kept === id))
      .map((training) => ({ ...training, epochs: training.from === null ? epochs.fresh : epochs.goingOn })),
});
