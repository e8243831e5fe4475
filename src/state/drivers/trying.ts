/** What is measured of a training before it is begun, when a person asks for it. */
import { create } from 'zustand';
import type { Recipe } from '../../lab/recipe/schema';
import type { RateSweep } from '../../lab/train/rateSweep';
import type { TurnedLoss } from '../../lab/train/turnedLoss';
import type { Job } from '../../worker/page/client';
import type { Progress } from '../page/lab';
import { type Measured, measure, measuredOn, NONE } from './measured';
import { client } from './session';

interface Trying {
  /** How far the sweep is that is running. */
  readonly progress: Progress | null;
  readonly rates: Measured<RateSweep>;
  readonly turns: Measured<TurnedLoss>;
}

export const useTrying = create<Trying>()(() => ({ progress: null, rates: NONE, turns: NONE }));

/** All that decides a sweep: the training but for how long it is and how fast it learns. */
function ratesOf({ arch, seed, split, bands, start, stages }: Recipe, data: string): string {
  const [stage] = stages;
  const settings = stage.kind === 'train' || stage.kind === 'continue' ? stage.settings : {};
  const how = { ...settings, epochs: 0, learningRate: 0, patience: 0, decay: '', warmup: 0 };
  return JSON.stringify([arch, seed, split, bands, start, how, data]);
}

/** All that decides what a network that has learnt nothing yet makes of turned tiles. */
const turnsOf = ({ arch, seed, split, bands, start }: Recipe, data: string): string =>
  JSON.stringify([arch, seed, split, bands, start, data]);

/** What is known of this training. */
export const ratesAt = ({ rates }: Trying, recipe: Recipe, data: string): Measured<RateSweep> =>
  measuredOn(rates, ratesOf(recipe, data));
export const turnsAt = ({ turns }: Trying, recipe: Recipe, data: string): Measured<TurnedLoss> =>
  measuredOn(turns, turnsOf(recipe, data));

let sweep: Job<RateSweep> | null = null;

/** A short training, of which nothing is kept. */
export const findRate = (recipe: Recipe, data: string): Promise<void> =>
  measure(
    () => {
      sweep = client.run('tryRates', { recipe, data }, (event) => {
        if (event.type === 'progress') useTrying.setState({ progress: event });
      });
      return sweep;
    },
    (rates) => useTrying.setState({ rates, progress: null }),
    ratesOf(recipe, data),
  );

/** Nothing is found. */
export const stopFinding = (): void => sweep?.control('cancel');

export const tryTurns = (recipe: Recipe, data: string): Promise<void> =>
  measure(
    () => client.run('tryTurns', { recipe, data }),
    (turns) => useTrying.setState({ turns }),
    turnsOf(recipe, data),
  );
