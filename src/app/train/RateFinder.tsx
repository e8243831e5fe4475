/** Finds a learning rate by a short sweep over training tiles, and shows what it was read from. */
import { Button, Group } from '@mantine/core';
import { axisAround } from '../../charts/axis';
import type { Recipe } from '../../lab/recipe/schema';
import type { RateSweep } from '../../lab/train/rateSweep';
import { useTraining } from '../../state/drivers/training';
import { findRate, ratesAt, stopFinding, useTrying } from '../../state/drivers/trying';
import type { Training } from '../../state/train/designs';
import type { Plan } from '../../state/train/plan';
import { ratesSentence } from '../../state/words/smallData';
import { LineChart } from '../charts/LineChart';
import { Explained } from '../parts/Explained';
import { progressText } from '../parts/progress';
import { useRecipe } from './recipe';
import classes from './SmallData.module.css';
import { ratesTable } from './tables';

interface Props {
  readonly plan: Pick<Training, 'rate'> & Pick<Plan, 'data'>;
  recipe(): Recipe;
  onChange(changes: Pick<Training, 'rate'>): void;
}

export function RateFinder({ plan, recipe, onChange }: Props) {
  const about = useRecipe(recipe);
  const isBusy = useTraining(({ live }) => live !== null);
  const found = useTrying((state) => about && ratesAt(state, about, plan.data));
  const isRunning = found?.status === 'running';
  const progress = useTrying(({ progress }) => progress);
  return (
    <div className={classes.finder}>
      <Group gap={8}>
        <Button
          size="sm"
          variant="default"
          loading={isRunning}
          disabled={!about || isBusy}
          onClick={() => about && void findRate(about, plan.data)}
        >
          Find a learning rate
        </Button>
        {isRunning && (
          <Button size="sm" variant="default" onClick={stopFinding}>
            Stop
          </Button>
        )}
        <span className="caption">
          <Explained text="How far the weights go in one step. It is set under “More”." term="learning-rate">
            Learning rate
          </Explained>{' '}
          now: {plan.rate}
        </span>
      </Group>
      <p className="caption" role="status" data-testid="rates-progress">
        {isRunning && progressText(progress)}
      </p>
      {found?.status === 'failed' && <p className="caption">{found.message}</p>}
      {found?.status === 'done' && (
        <Found sweep={found.result} rate={plan.rate} recipe={about!} onChange={onChange} />
      )}
    </div>
  );
}

interface FoundProps {
  readonly sweep: RateSweep;
  readonly rate: number;
  readonly recipe: Recipe;
  onChange(changes: Pick<Training, 'rate'>): void;
}

function Found({ sweep, rate, recipe, onChange }: FoundProps) {
  const { chosen, points } = sweep;
  const shown = points.map(({ rate: at, loss }) => ({ x: Math.log10(at), y: loss }));
  // What bursts would press all else to the ground.
  const top = Math.max(...shown.slice(0, 5).map(({ y }) => y)) * 1.5;
  const mark = chosen === null ? null : nearest(shown, Math.log10(chosen));
  return (
    <>
      <p className="caption" role="status" data-testid="rates">
        {ratesSentence(sweep)}
      </p>
      <LineChart
        label={`Loss of the batches as the learning rate rises${chosen === null ? '' : `; chosen: ${chosen}`}`}
        x={{ from: -5, to: 0, step: 1 }}
        xTicks={TICKS}
        y={axisAround(
          shown.map(({ y }) => Math.min(y, top)),
          0,
        )}
        xLabel="Learning rate"
        yLabel="Loss of the batches, smoothed, nats"
        saved={{ what: 'loss by learning rate', table: () => ratesTable(sweep, recipe) }}
        lines={[
          {
            name: 'training tiles',
            colour: 'var(--accent)',
            width: 2.5,
            points: shown.filter(({ y }) => y <= top),
            dots: false,
          },
        ]}
        mark={mark && { ...mark, text: `chosen: ${chosen}` }}
      />
      {chosen !== null && (
        <Button
          size="sm"
          variant="default"
          disabled={chosen === rate}
          onClick={() => onChange({ rate: chosen })}
        >
          {chosen === rate ? `${chosen} is used` : `Use ${chosen}`}
        </Button>
      )}
    </>
  );
}

const TICKS = ['0.00001', '0.0001', '0.001', '0.01', '0.1', '1'].map((text, i) => ({ at: i - 5, text }));

const nearest = (points: readonly { readonly x: number; readonly y: number }[], x: number) =>
  points.reduce((best, each) => (Math.abs(each.x - x) < Math.abs(best.x - x) ? each : best));
