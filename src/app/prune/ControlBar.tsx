/** The title with the share removed, and undo, redo, reset. */

import { ActionIcon, Button, Group, Title } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { SliderUnit } from '../../lab/families/units';
import { redo, reset, undo, useExperiment } from '../../state/prune/experiment';
import { unitSentence, unitsName } from '../../state/prune/unitNames';
import { whole, wholePercent } from '../../state/words/format';
import { Explained } from '../parts/Explained';
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
        <Step name="Undo" keys="Ctrl+Z" disabled={!canUndo} onClick={undo} icon={<UndoIcon />} />
        <Step name="Redo" keys="Ctrl+Shift+Z" disabled={!canRedo} onClick={redo} icon={<RedoIcon />} />
        <Button variant="default" size="xs" h={34} disabled={!canReset} onClick={reset}>
          Reset
        </Button>
      </Group>
    </Group>
  );
}

interface StepProps {
  readonly name: string;
  readonly keys: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly icon: ReactNode;
}

function Step({ name, keys, icon, ...rest }: StepProps) {
  return (
    <ActionIcon variant="default" size={34} aria-label={name} title={`${name} (${keys})`} {...rest}>
      {icon}
    </ActionIcon>
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
    <p className={`caption ${classes.count}`} data-testid="removed">
      {whole(removed)} of {whole(units)} <Units unit={unit} />
      <span className={classes.gone}> removed</span>
    </p>
  );
}

/** Memoised: the slider draws what is around it anew with every move. */
const Units = memo(function Units({ unit }: { unit: SliderUnit }) {
  return (
    <Explained term="hidden-neuron" text={unitSentence(unit)}>
      {unitsName(unit)}
    </Explained>
  );
});
