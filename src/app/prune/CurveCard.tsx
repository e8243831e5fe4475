/** The slider, which neurons go, and accuracy against the share removed, one above the other on one scale. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { COMPENSATIONS, type Compensation } from '../../lab/prune/compensate';
import type { CriterionId } from '../../lab/prune/criteria';
import { settle, useExperiment } from '../../stores/experiment';
import { percent } from '../../stores/format';
import { useLab } from '../../stores/lab';
import { pruneSentence, tilesSentence } from '../../stores/sentences';
import { pruneFacts } from '../../stores/study';
import { progressText } from '../progress';
import classes from './CurveCard.module.css';
import { CurveChart } from './CurveChart';
import { CurveCursor } from './CurveCursor';
import { MethodLegend } from './MethodLegend';
import { NeuronStrip } from './NeuronStrip';
import { PruneSlider } from './PruneSlider';
import { useSheet } from './selectors';

export function CurveCard() {
  const sheet = useSheet();
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  const [hidden, setHidden] = useState<readonly CriterionId[]>([]);
  const toggle = (id: CriterionId) =>
    setHidden((now) => (now.includes(id) ? now.filter((each) => each !== id) : [...now, id]));
  return (
    <>
      <PruneSlider />
      <NeuronStrip />
      <figure className={classes.figure}>
        <p className={`caption ${classes.unit}`} aria-hidden="true">
          Validation accuracy, %
        </p>
        <div className={classes.plot}>
          <div className={classes.chart}>
            <CurveChart sheet={sheet} method={method} compensation={compensation} hidden={hidden} />
          </div>
          <CurveCursor />
        </div>
        <Group justify="space-between" gap="xs" mt={6}>
          <MethodLegend hidden={hidden} onToggle={toggle} />
          <CompensationChooser />
        </Group>
        <PruneSentence />
        <Caption />
      </figure>
      <Remaining />
    </>
  );
}

const COMPENSATION_NAMES: Record<Compensation, string> = { none: 'None', mean: 'Mean' };

function CompensationChooser() {
  const compensation = useExperiment(({ setting }) => setting.compensation);
  return (
    <Group gap={8} wrap="nowrap">
      <Text className="caption" id="compensation-label">
        Compensation
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby="compensation-label"
        value={compensation}
        data={COMPENSATIONS.map((value) => ({ value, label: COMPENSATION_NAMES[value] }))}
        onChange={(value) => settle({ compensation: value as Compensation })}
      />
    </Group>
  );
}

/** Shown at every tick; read out only when the slider rests. */
function PruneSentence() {
  const sheet = useSheet();
  const setting = useExperiment(({ setting }) => setting);
  const settled = useExperiment(({ settled }) => settled);
  return (
    <>
      <p className={classes.sentence} data-testid="prune-sentence" aria-hidden="true">
        {pruneSentence(pruneFacts(sheet, setting))}
      </p>
      <p className="spoken" aria-live="polite">
        {pruneSentence(pruneFacts(sheet, settled))}
      </p>
    </>
  );
}

function Caption() {
  const sheet = useSheet();
  const opened = useLab(({ opened }) => opened);
  const baseline = sheet.curves[0].accuracy[0][sheet.units];
  const [low, high] = wilsonInterval(baseline, sheet.tiles);
  return (
    <figcaption className={`caption ${classes.caption}`}>
      {tilesSentence(sheet.tiles, sheet.ofTiles, opened?.split.seed ?? 0)} Unpruned: {percent(baseline)} (95 %
      interval {percent(low)} to {percent(high)}). Neurons are masked for the curve; the extracted, really
      smaller network gives the same answers. Means and variances come from {sheet.statisticsTiles} training
      tiles.
    </figcaption>
  );
}

/** While the remaining tiles are run; its line is kept afterwards, so that nothing jumps. */
function Remaining() {
  const progress = useLab(({ status, progress }) => (status === 'alive' ? progress : null));
  return <p className={`caption ${classes.progress}`}>{progress && `${progressText(progress)}.`}</p>;
}
