/** The slider: one step is one neuron, or to the next stop, Page Up and Page Down a tenth of them; its thumb stands above the cursor in the chart. */
import { Slider } from '@mantine/core';
import { type KeyboardEvent, useMemo } from 'react';
import { preview, settle, useExperiment } from '../../state/prune/experiment';
import { stopBeside } from '../../state/prune/sheets';
import { unitsName, unitWords } from '../../state/prune/unitNames';
import { isOf } from '../../state/prune/way';
import { capital, wholePercent } from '../../state/words/format';
import classes from './CurveCard.module.css';
import { useSheet } from './selectors';

/** Half of the thumb's track end, in pixels: Mantine's `xl`. */
const TRACK = 12;

interface Props {
  /** When the slider rests; by default what is shown is settled on. */
  onEnd?(): void;
}

export function PruneSlider({ onEnd = settle }: Props) {
  const sheet = useSheet();
  const { units, unit, stops } = sheet;
  const last = stops[stops.length - 1];
  // Until the curves of other units are there.
  const isAsked = useExperiment(({ way }) => isOf(way, sheet));
  const removed = useExperiment(({ setting }) => setting.removed);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = event.key === 'PageUp' ? 1 : event.key === 'PageDown' ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    preview(stopBeside(sheet, removed, direction * Math.max(1, Math.round(stops.length / 10))));
    onEnd();
  };
  const marks = useMemo(() => Array.from(stops, (value) => ({ value })), [stops]);
  // The chart's axis ends at 100 %, the slider at its last stop.
  const width = `calc((100% - ${TRACK}px - var(--plot-right)) * ${last / units} + ${2 * TRACK}px)`;
  return (
    <div className={classes.slider}>
      <Slider
        size={TRACK}
        thumbSize={28}
        style={{ width }}
        min={0}
        max={last}
        step={1}
        {...(stops.length < units && { marks, restrictToMarks: true })}
        label={null}
        disabled={!isAsked}
        value={removed}
        onChange={preview}
        // It reports its last move with the next frame, after it has reported the end of the drag.
        onChangeEnd={() => requestAnimationFrame(() => onEnd())}
        onKeyDown={onKeyDown}
        thumbLabel={`${capital(unitsName(unit))} removed`}
        thumbValueText={(value) =>
          `${value} of ${units} ${unitWords(unit).short}s removed, ${wholePercent(value / units)}`
        }
      />
    </div>
  );
}
