/** The slider: one step is one neuron, Page Up and Page Down a tenth of them; its thumb stands above the cursor in the chart. */
import { Slider } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { preview, settle, useExperiment } from '../../state/prune/experiment';
import { wholePercent } from '../../state/words/format';
import classes from './CurveCard.module.css';
import { useSheet } from './selectors';

/** Half of the thumb's track end, in pixels: Mantine's `xl`. */
const TRACK = 12;

export function PruneSlider() {
  const { units } = useSheet();
  const removed = useExperiment(({ setting }) => setting.removed);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = event.key === 'PageUp' ? 1 : event.key === 'PageDown' ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    const page = Math.max(1, Math.round(units / 10));
    preview(Math.min(units - 1, Math.max(0, removed + direction * page)));
    settle();
  };
  // The chart's axis ends at 100 %, the slider where one neuron is left.
  const width = `calc((100% - ${TRACK}px - var(--plot-right)) * ${(units - 1) / units} + ${2 * TRACK}px)`;
  return (
    <div className={classes.slider}>
      <Slider
        size={TRACK}
        thumbSize={28}
        style={{ width }}
        min={0}
        max={units - 1}
        step={1}
        label={null}
        value={removed}
        onChange={preview}
        onChangeEnd={settleOnWhatIsShown}
        onKeyDown={onKeyDown}
        thumbLabel="Hidden neurons removed"
        thumbValueText={(value) => `${value} of ${units} neurons removed, ${wholePercent(value / units)}`}
      />
    </div>
  );
}

/** The slider reports its last move with the next frame, after it has reported the end of the drag. */
function settleOnWhatIsShown(): void {
  requestAnimationFrame(() => settle());
}
