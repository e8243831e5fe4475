/** Of the networks that the run has left which is shown in its view. */
import { useMemo } from 'react';
import { useLive, useTraining } from '../../state/drivers/training';
import { comparableRuns } from '../../state/prune/subjects';
import { runSubject } from '../../state/wrong/subjects';
import type { RunKind } from '../../storage/rows';
import { WrongCard } from './WrongCard';

export function WrongOfRun({ kind, className }: { kind: RunKind; className: string }) {
  const row = useTraining(({ rows, shown }) => rows?.find(({ id }) => id === shown[kind]) ?? null);
  const isLive = useLive(kind) !== null;
  const rows = useTraining(({ rows }) => rows);
  const subject = useMemo(() => row && runSubject(row, comparableRuns(rows ?? [], row.id)), [row, rows]);
  if (!subject || isLive) return null;
  return (
    <WrongCard
      subject={subject}
      className={className}
      changed="What follows is of the run before it went on."
    />
  );
}
