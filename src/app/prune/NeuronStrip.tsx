/** Which neurons go, in the order in which they go: one cell each on the slider's scale, dead ones marked. */
import { memo } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/sheet';
import { useExperiment } from '../../stores/experiment';
import { count } from '../../stores/format';
import classes from './CurveCard.module.css';
import { useCurve, useSheet } from './selectors';

export function NeuronStrip() {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const dead = sheet.dead.reduce((sum, flag) => sum + flag, 0);
  return (
    <>
      <div className={classes.strip} aria-hidden="true">
        <svg width="100%" height="10" viewBox={`0 0 ${sheet.units} 10`} preserveAspectRatio="none">
          <title>Neurons in the order they are removed</title>
          <Cells sheet={sheet} curve={curve} />
          <Gone />
        </svg>
      </div>
      <p className={`caption ${classes.stripCaption}`}>
        Neurons in the order they go.{' '}
        {dead === 0
          ? `None is dead: each output changes on some of ${count(sheet.statisticsTiles, 'training tile')}.`
          : `${dead} of ${sheet.units} are dead (pale): their output never changes on ${count(sheet.statisticsTiles, 'training tile')}.`}
      </p>
    </>
  );
}

const Cells = memo(function Cells({
  sheet: { units, dead },
  curve: { order },
}: {
  sheet: Sheet;
  curve: SheetCurve;
}) {
  return Array.from({ length: units }, (_, i) => {
    const unit = order[units - 1 - i];
    return (
      <rect
        key={unit}
        x={i + 0.1}
        width={0.8}
        height="10"
        fill={dead[unit] ? 'var(--line)' : 'var(--accent)'}
        opacity={dead[unit] ? 1 : 0.75}
      />
    );
  });
});

/** Covers the cells of the neurons that are removed. */
function Gone() {
  const removed = useExperiment(({ setting }) => setting.removed);
  return <rect width={removed} height="7" fill="var(--surface)" />;
}
