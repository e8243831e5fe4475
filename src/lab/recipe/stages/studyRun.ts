/** What the studies of every family of networks are given, and how their networks are grouped. */
import type { Splits } from '../../data/dataset';
import type { AnyModel } from '../../nn/model';
import { canonical } from '../identity';
import type { Planned } from '../plan';
import type { Figures, Run } from '../run';
import type { StudyStep } from '../step';
import type { StudySettings } from '../studyPlan';

/** A study under way, and its networks that are not there yet. */
export interface StudyRun {
  readonly run: Run;
  readonly stage: StudySettings;
  readonly splits: Splits;
  readonly input: AnyModel;
  /** In the order in which they are planned. */
  readonly missing: readonly StudyPlanned[];
  /** Keeps what came of one. */
  save(planned: StudyPlanned, figures: Figures, model: AnyModel | null): Promise<void>;
}
export type StudyPlanned = Planned & { readonly step: StudyStep };

/** Networks that are pruned alike and fine-tuned differently stand side by side, and are made in one go. */
export function byCell(missing: readonly StudyPlanned[]): StudyPlanned[][] {
  const cells: StudyPlanned[][] = [];
  for (const planned of missing) {
    const last = cells.at(-1);
    if (last && canonical(last[0].step.cell) === canonical(planned.step.cell)) last.push(planned);
    else cells.push([planned]);
  }
  return cells;
}
