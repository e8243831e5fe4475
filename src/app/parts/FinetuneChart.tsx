/** Accuracy per epoch, climbing from the pruned network towards the original; where the rate fell; why it ended. */
import { useMemo } from 'react';
import { Line, ReferenceArea, ReferenceLine } from 'recharts';
import { axisAround, placeOn } from '../../charts/axis';
import { Mark, type MarkLook } from '../../charts/marks';
import { bestEpoch, type EpochRecord, rateDrops } from '../../lab/stage/history';
import type { FinetuneSettings } from '../../lab/train/settings';
import { FINETUNE_RULES } from '../../state/drivers/session';
import { climbSentence, stopLabel } from '../../state/words/prune';
import { Note, Placed } from '../charts/overPlot';
import { Plot } from '../charts/Plot';

interface Props {
  readonly epochs: readonly EpochRecord[];
  readonly baseline: number;
  readonly start: number;
  /** Why it ended; null while it runs. */
  readonly stop: string | null;
  readonly rules?: FinetuneSettings;
}

const BEST: MarkLook = { shape: 'circle', colour: 'var(--vermillion)', hollow: true, size: 1.1 };

export function FinetuneChart({ epochs, baseline, start, stop, rules = FINETUNE_RULES }: Props) {
  const accuracies = epochs.map(({ accuracy }) => accuracy);
  const steps = rateDrops(epochs);
  const found = bestEpoch(epochs);
  // Fine-tuning never hands back something worse than it was given.
  const best = found && found.accuracy > start ? found : null;
  const shares = [baseline, start, ...accuracies];
  const last = Math.max(10, 10 * Math.ceil(epochs.length / 10));
  const y = axisAround([100 * Math.min(...shares), 100 * Math.max(...shares)], 0, 100);
  const axes = { x: { from: 0, to: last, step: last / 5 }, y };
  const points = useMemo(
    () => [start, ...epochs.map(({ accuracy }) => accuracy)].map((share, x) => ({ x, y: 100 * share })),
    [start, epochs],
  );
  const isLow = placeOn(y, points[points.length - 1].y) < 0.4;
  const stepEpochs = steps.map(({ epoch }) => epoch);
  const facts = { baseline, start, accuracies, best: best?.epoch ?? null, steps: stepEpochs, stop };
  return (
    <Plot label={climbSentence(facts, rules)} {...axes} xLabel="Epoch" unit="&#8239;%">
      {[rules.tolerance, rules.excellent].map((below) => (
        <ReferenceArea
          key={below}
          y1={Math.max(y.from, 100 * (baseline - below))}
          y2={100 * baseline}
          fill="var(--accent)"
          fillOpacity={0.1}
        />
      ))}
      <ReferenceLine y={100 * baseline} stroke="var(--accent)" strokeDasharray="5 4" />
      {stepEpochs.map((epoch) => (
        <ReferenceLine key={epoch} x={epoch} stroke="var(--quiet)" />
      ))}
      <Line
        data={points}
        dataKey="y"
        type="linear"
        isAnimationActive={false}
        activeDot={false}
        stroke="var(--vermillion)"
        strokeWidth={2.5}
        dot={{ r: 3, fill: 'var(--vermillion)', strokeWidth: 0 }}
      />
      {best && (
        <Placed axes={axes} x={best.epoch} y={100 * best.accuracy}>
          <Mark look={BEST} />
        </Placed>
      )}
      {steps.map(({ epoch, by }) => (
        <Note
          key={epoch}
          axes={axes}
          x={epoch}
          y={y.from}
          text={`rate ÷ ${Number(by.toFixed(1))}`}
          colour="var(--quiet)"
          side="left"
          away={[4, -5]}
        />
      ))}
      {stop !== null && epochs.length > 0 && (
        // In the corner that a climbing line leaves free; one that ends low leaves the other.
        <Note
          axes={axes}
          x={last}
          y={isLow ? y.to : y.from}
          text={stopLabel(stop, rules)}
          colour="var(--vermillion)"
          side="left"
          away={[2, isLow ? 28 : -22]}
          testId="stop-label"
        />
      )}
    </Plot>
  );
}
