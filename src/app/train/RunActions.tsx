/** What can be done with a kept run: prune it, go on with it, take it away as files. */
import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import { openSubject } from '../../state/drivers/session';
import { continueRun, useTraining } from '../../state/drivers/training';
import { showView } from '../../state/page/view';
import { comparableRuns } from '../../state/prune/subjects';
import { furtherStage } from '../../state/train/joined';
import type { ShownStatus } from '../../state/words/train';
import type { RunRow } from '../../storage/rows';
import { CompareButton } from '../parts/CompareButton';
import { ExportButton } from '../parts/ExportButton';
import { NextSteps } from '../parts/NextSteps';
import { exportSubject, saveNetwork, saveRecipe, takeNetworkAlong } from './files';
import classes from './RunCard.module.css';
import { TrainFurther } from './TrainFurther';

/** Opens a run under the slider, maybe beside another one. */
export function openInPrune(row: RunRow, peer: string | null): void {
  const stage = furtherStage(row);
  openSubject({ kind: 'run', id: row.id, ...(stage !== undefined && { stage }), peer });
  showView('prune');
}

export function RunActions({ row, status }: { row: RunRow; status: ShownStatus }) {
  const isTraining = useTraining(({ live }) => live !== null);
  const rows = useTraining(({ rows }) => rows) ?? [];
  const peers = comparableRuns(rows, row.id);
  const [peer, setPeer] = useState<string | null>(null);
  const beside = peers.some(({ id }) => id === peer) ? peer : null;
  const stage = furtherStage(row);
  const canContinue = status === 'stopped' || status === 'cut off' || status === 'failed';
  return (
    <Group gap={8} className={classes.buttons}>
      {canContinue && (
        <Button size="sm" disabled={isTraining} onClick={() => void continueRun(row.id)}>
          Continue
        </Button>
      )}
      <Button
        size="sm"
        variant={canContinue ? 'default' : 'filled'}
        disabled={row.history.length === 0}
        onClick={() => openInPrune(row, beside)}
      >
        Prune it
      </Button>
      {peers.length > 0 && row.history.length > 0 && (
        <Select
          className={classes.peer}
          size="sm"
          aria-label="Network to hold it against"
          placeholder="beside no other network"
          clearable
          value={beside}
          data={peers.map(({ id, name }) => ({ value: id, label: `beside ${name}` }))}
          onChange={setPeer}
        />
      )}
      {status === 'done' && (
        <>
          <TrainFurther row={row} />
          <Button size="sm" variant="default" onClick={() => void saveNetwork(row, stage)}>
            Save network
          </Button>
          <Button
            size="sm"
            variant="default"
            title="To run it elsewhere: ordinary convolutions, a Python script, a README"
            onClick={() => void takeNetworkAlong(row, stage)}
          >
            Take along (zip)
          </Button>
          <ExportButton size="sm" subject={exportSubject(row, stage)} />
          <CompareButton size="sm" before={null} after={exportSubject(row, stage)} />
          <NextSteps size="sm" at={{ kind: 'run', id: row.id, stage, name: row.name }} />
        </>
      )}
      <Button size="sm" variant="default" onClick={() => saveRecipe(row.recipe, row.name)}>
        Recipe
      </Button>
    </Group>
  );
}
