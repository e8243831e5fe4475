/** Everything measured on this network, and on those that differ from it in their seed alone: chart and table. */
import { Button, Group, SegmentedControl, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { MarkKey } from '../../charts/marks';
import { firstName } from '../../lab/recipe/networkNames';
import { FINETUNE_RULES, modelFile } from '../../state/drivers/session';
import { removePoint } from '../../state/drivers/trunk';
import { useFields } from '../../state/fields/fields';
import { type CostName, isTimed, type Trade, tradesOf, wholeAccuracy } from '../../state/fields/tradeOff';
import { choiceHere, useFamily, useTrunk } from '../../state/fields/trunkState';
import { pointWords, tradeSentence, worstOf } from '../../state/words/fields';
import { count, percent, small, wholePercent } from '../../state/words/format';
import type { TrunkPoint } from '../../storage/rows';
import { DownloadButton } from '../parts/DownloadButton';
import { FiguresTable } from '../parts/FiguresTable';
import { NextSteps } from '../parts/NextSteps';
import { SaveMenu } from '../saving/SaveMenu';
import { lookOf } from './looks';
import classes from './PointsCard.module.css';
import { TimedAs } from './TimedAs';
import { TradeChart, TradeLegend } from './TradeChart';
import { tradesTable } from './tables';

const COST_NAMES = {
  params: 'Parameters',
  macs: 'Multiply-adds',
  exported: 'Exported',
  latency: 'Measured time',
} satisfies Partial<Record<CostName, string>>;

const AXES: Record<CostName, string> = {
  params: 'Parameters, % of the unpruned network',
  macs: 'Multiply-adds, % of the unpruned network',
  exported: 'Bytes of the exported network, % of the unpruned one',
  latency: 'Time of a forward pass here, % of the unpruned network in the same run',
  'lab-1': 'Time of one picture here, % of the unpruned network in the same rounds',
  'lab-32': 'Time of 32 pictures here, % of the unpruned network in the same rounds',
  'onnxruntime-1': 'Time of one picture in ONNX Runtime here, % of the unpruned network in the same rounds',
  'onnxruntime-32': 'Time of 32 pictures in ONNX Runtime here, % of the unpruned network in the same rounds',
};

export function PointsCard({ className }: { className: string }) {
  const [cost, setCost] = useState<CostName>('params');
  const points = useTrunk(({ points }) => points);
  const ranked = useTrunk(({ ranked }) => ranked);
  const settled = useFields(({ settled }) => settled);
  const family = useFamily();
  const trades = useMemo(() => tradesOf(points ?? [], family ?? ''), [points, family]);
  const whole = wholeAccuracy(trades);
  const current = JSON.stringify([choiceHere(ranked, settled), null]);
  const others = (points ?? []).filter(({ network }) => network.family !== family).length;
  return (
    <section className={`card ${className}`} aria-labelledby="points-title">
      <div className={classes.head}>
        <Title order={2} size="h4" id="points-title">
          Accuracy against cost
        </Title>
        <Group gap={6}>
          <SegmentedControl
            size="xs"
            aria-label="Cost"
            value={isTimed(cost) ? 'latency' : cost}
            data={Object.entries(COST_NAMES).map(([value, label]) => ({ value, label }))}
            onChange={(value) => setCost(value as CostName)}
          />
          <SaveMenu what="accuracy against cost" table={() => tradesTable(trades)} picture="[data-picture]" />
        </Group>
      </div>
      {(cost === 'latency' || isTimed(cost)) && whole !== null && (
        <TimedAs cost={cost} points={points ?? []} onChange={setCost} />
      )}
      {whole === null ? (
        <p className={`caption ${classes.empty}`}>Every setting measured becomes a point here.</p>
      ) : (
        <>
          <p className={classes.sentence} aria-live="polite">
            {tradeSentence(trades, cost, whole, FINETUNE_RULES.tolerance)}
          </p>
          <div data-picture>
            <p className="caption">Validation accuracy; the ring is what the controls stand on.</p>
            <TradeChart
              trades={trades}
              cost={cost}
              xLabel={AXES[cost]}
              whole={whole}
              label={tradeSentence(trades, cost, whole, FINETUNE_RULES.tolerance)}
              current={current}
            />
            <TradeLegend trades={trades} />
          </div>
          <Points trades={trades} />
        </>
      )}
      {others > 0 && (
        <p className={`caption ${classes.others}`}>
          {count(others, 'point')} of other networks {others === 1 ? 'is' : 'are'} kept and shown with them.
        </p>
      )}
    </section>
  );
}

function Points({ trades }: { trades: readonly Trade[] }) {
  return (
    <div className={classes.rows}>
      <FiguresTable label="Measured settings" className={classes.table} testId="fields-points">
        <thead>
          <tr>
            {[
              'Removed',
              'Accuracy',
              'Agreement',
              'Equivariance error',
              'Parameters',
              'Multiply-adds',
              'Exported',
              'Time',
              '',
            ].map((name) => (
              <th key={name} scope="col">
                {name || <span className="spoken">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trades.map((trade) => (
            <Row key={trade.id} trade={trade} />
          ))}
        </tbody>
      </FiguresTable>
    </div>
  );
}

const share = (value: number | null): string => (value === null ? '–' : wholePercent(value));

function Row({ trade: { points, accuracy, deviation, cost } }: { trade: Trade }) {
  const [first] = points;
  /** Under which its network is kept; null for several seeds, which are several networks. */
  const key = points.length === 1 ? first.key : null;
  const words = pointWords(first);
  const least = Math.min(...points.map(({ result }) => result.after.agreement));
  const worst = Math.max(...points.map(({ result }) => worstOf(result.after.errors)));
  return (
    <tr>
      <th scope="row">
        <span className={classes.setting}>
          <MarkKey looks={[lookOf(first)]} />
          <span>
            {words}
            <small>
              {lookOf(first).name}
              {points.length > 1 && `, ${count(points.length, 'seed')}`}
            </small>
          </span>
        </span>
      </th>
      <td>
        {percent(accuracy)} {deviation !== null && <small>± {(100 * deviation).toFixed(1)}</small>}
      </td>
      <td>{percent(least)}</td>
      <td>{small(worst)}</td>
      <td>{share(cost.params)}</td>
      <td>{share(cost.macs)}</td>
      <td>{share(cost.exported)}</td>
      <td>{share(cost.latency)}</td>
      <td>
        <Group gap={6} wrap="nowrap" justify="flex-end" data-unsaved>
          {key !== null && (
            <>
              <DownloadButton
                label="Save"
                title={`Save the network: ${words}`}
                name="orbit-lab-trunk.safetensors"
                load={() => modelFile(key)}
              />
              <NextSteps
                at={{
                  kind: 'made',
                  name: `${firstName(first.network.title)}, ${first.choice.units} pruned${first.tuning ? ', fine-tuned' : ''}`,
                  load: () => modelFile(key),
                }}
              />
            </>
          )}
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={`Remove: ${words}`}
            onClick={() => void removeAll(points)}
          >
            Remove
          </Button>
        </Group>
      </td>
    </tr>
  );
}

async function removeAll(points: readonly TrunkPoint[]): Promise<void> {
  for (const point of points) await removePoint(point);
}
