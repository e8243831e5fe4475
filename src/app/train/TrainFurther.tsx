/** Goes on with a finished training: so many epochs more, from the network that it kept. */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { bestEpoch } from '../../lab/stage/history';
import { continueSettingsSchema } from '../../lab/train/settings';
import { extendRun, useTraining } from '../../state/drivers/training';
import { lastTraining } from '../../state/train/joined';
import { FURTHER_RATE } from '../../state/train/start';
import type { RunRow } from '../../storage/rows';
import { NumberField } from '../parts/RunFields';
import { Row } from '../parts/RunForm';
import classes from './SmallData.module.css';

export function TrainFurther({ row }: { row: RunRow }) {
  const [open, setOpen] = useState(false);
  const isBusy = useTraining(({ live }) => live !== null);
  const last = lastTraining(row.recipe);
  if (!last) return null;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={290}
      position="bottom-start"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button size="sm" variant="default" disabled={isBusy} onClick={() => setOpen(!open)}>
          Continue …
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Further row={row} settings={last.settings} onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface Props {
  readonly row: RunRow;
  readonly settings: NonNullable<ReturnType<typeof lastTraining>>['settings'];
  onDone(): void;
}

function Further({ row, settings, onDone }: Props) {
  const [epochs, setEpochs] = useState(5);
  const [learningRate, setRate] = useState(Math.min(FURTHER_RATE, settings.learningRate));
  const { shape } = continueSettingsSchema;
  return (
    <form
      className={classes.options}
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
        void extendRun(row, furtherStages(settings, epochs, learningRate));
      }}
    >
      <Row cols={2}>
        <NumberField label="More epochs" value={epochs} schema={shape.epochs} onChange={setEpochs} />
        <NumberField
          label="Learning rate"
          value={learningRate}
          schema={shape.learningRate}
          decimals
          step={0.001}
          onChange={setRate}
        />
      </Row>
      <p className="caption">
        From the weights of epoch {bestEpoch(row.history)?.epoch}, the best, which stay where nothing better
        comes. Adam’s moments were not kept: they begin anew.
      </p>
      <Button type="submit" size="sm">
        Train further
      </Button>
    </form>
  );
}

/** As it was trained last, but for how long and how fast; then the turns again. */
function furtherStages(last: Props['settings'], epochs: number, learningRate: number): object[] {
  const { warmup: _, ...settings } = last;
  const { frozen: __, ...how } = { frozen: undefined, ...settings };
  return [
    { kind: 'continue', settings: { ...how, epochs, learningRate } },
    { kind: 'check', part: 'val' },
  ];
}
