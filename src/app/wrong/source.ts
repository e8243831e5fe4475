/** What the files of a report say of where they come from: the same words as on the command line. */
import type { Looked, WrongStep } from '../../state/wrong/wrong';
import type { PartReport } from '../../worker/protocol/results';

export const stepOf = ({ subject }: Looked, id: string | null): WrongStep =>
  subject.steps.find((step) => step.id === id)!;

export const sourceOf = (looked: Looked, { report, data }: PartReport) => ({
  model: stepOf(looked, looked.shown).file,
  data,
  part: looked.part,
  n: report.n,
});
