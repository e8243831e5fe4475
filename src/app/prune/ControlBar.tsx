/** The title with the share removed, and undo, redo, reset. */

import { ActionIcon, Button, Group, Title } from '@mantine/core';
import { redo, reset, undo, useExperiment } from '../../state/prune/experiment';
import { unitsName } from '../../state/prune/unitNames';
import { whole, wholePercent } from '../../state/words/format';
import { RedoIcon, UndoIcon } from '../parts/icons';
import classes from './ControlBar.module.css';
import { useSheet } from './selectors';

export function ControlBar() {
  const canUndo = useExperiment(({ past }) => past.length > 0);
  const canRedo = useExperiment(({ future }) => future.length > 0);
  const canReset = useExperiment(({ settled }) => settled.removed > 0);
  return (
    <Group justify="space-between" wrap="nowrap" gap={8}>
      <div className={classes.head}>
        <Title order={2} id="prune-title" className={classes.title}>
          Prune <Share />
        </Title>
        <RemovedCount />
      </div>
      <Group gap={6} wrap="nowrap">
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Undo"
          title="Undo (Ctrl+Z)"
          disabled={!canUndo}
          onClick={undo}
        >
          <UndoIcon />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Redo"
          title="Redo (Ctrl+Shift+Z)"
          disabled={!canRedo}
          onClick={redo}
        >
          <RedoIcon />
        </ActionIcon>
        <Button variant="default" size="xs" h={34} disabled={!canReset} onClick={reset}>
          Reset
        </Button>
      </Group>
    </Group>
  );
}

function Share() {
  const removed = useExperiment(({ setting }) => setting.removed);
  const { units } = useSheet();
  return (
    <span className={classes.share} data-testid="share">
      {wholePercent(removed / units)}
    </span>
  );
}

function RemovedCount() {
  const removed = useExperiment(({ setting }) => setting.removed);
  const { units, unit } = useSheet();
  return (
    <p className={`caption ${classes.count}`}>
      {whole(removed)} of {whole(units)}
      <span className={classes.unit}> {unitsName(unit)} removed</span>
    </p>
  );
}
