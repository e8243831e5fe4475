/**
 * Equivariant fine-tuning and what stands beside it, as stages of a recipe: the same network, tiles, number of steps, and
 * each tested on the same test tiles. Command line, page and reports all ask this way.
 */

import type { PenaltyId } from '../adapt/penalties/names';
import type { AdaptSettings, LambdaSweep } from '../adapt/settings';
import { ARCH_IDS } from '../families/gcnn/zoo';
import { vit } from '../families/vit';
import { VIT_IDS } from '../families/vit/spec';
import type { AnyArch } from '../nn/arch';
import type { Recipe } from './schema';

export const WAYS = ['adapted', 'projected', 'fine-tuned', 'augmented', 'by construction'] as const;
/**
 * `adapted`: λ · R in the loss; `projected`: that, then the mean of its weights over the group; `fine-tuned`: the labels
 * alone; `augmented`: on tiles turned at random; `by construction`: an equivariant network from scratch.
 */
export type Way = (typeof WAYS)[number];

export interface Order {
  readonly group: Exclude<AnyArch['group'], 'C1'>;
  readonly penalty: PenaltyId;
  readonly lambda: number | LambdaSweep;
  readonly settings: AdaptSettings;
  readonly ways: readonly Way[];
  /** Everything once more with each of these seeds; without it, with the recipe's alone. */
  readonly further?: readonly number[];
}

/** The name of the stage that makes a way's network; with a further seed, of that seed's. */
export const stageOf = (way: Way, seed?: number): string =>
  seed === undefined ? way : `${way}, seed ${seed}`;

/** The name of the stage that tests the network that a stage made. */
export const testOf = (stage: string): string => `test of ${stage}`;

/** The stages of some ways, all from the network called `from`, seed by seed. */
export const waysOf = (order: Order, from: string): object[] =>
  [undefined, ...(order.further ?? [])].flatMap((seed) => waysOfSeed(order, from, seed));

function waysOfSeed(
  { group, penalty, lambda, settings, ways }: Order,
  from: string,
  seed: number | undefined,
): object[] {
  const drawn = seed === undefined ? {} : { seed };
  const adapting = { kind: 'adapt', group, penalty, settings, from, ...drawn };
  const making: Readonly<Record<Way, object>> = {
    adapted: { ...adapting, lambda },
    projected: { kind: 'project', from: stageOf('adapted', seed), group },
    'fine-tuned': { ...adapting, lambda: 0 },
    augmented: { ...adapting, lambda: 0, augment: true },
    'by construction': { kind: 'train', settings: scratchSettings(settings), ...drawn },
  };
  return WAYS.filter((way) => ways.includes(way)).flatMap((way) => {
    const name = stageOf(way, seed);
    return [
      { name, ...making[way] },
      { kind: 'check', name: testOf(name), from: name, part: 'test', answers: true },
    ];
  });
}

/** What a fresh network learns at: three times the rate of one that has learnt before, as the presets do; never stopped early. */
function scratchSettings({ epochs, batch, learningRate, decay, weightDecay }: AdaptSettings) {
  const rate = Math.min(1, 3 * learningRate);
  return { epochs, batch, decay, weightDecay, learningRate: rate, patience: epochs };
}

/** The design of the same kind that is equivariant under a group by construction, for a network to be held against. */
export function twinDesign({ id, family, input: { size } }: AnyArch, group: Order['group']): Recipe['arch'] {
  if (family === vit.name) {
    const twin = `c4-${id}`;
    return { id: VIT_IDS.includes(twin) ? twin : 'c4-vit-small', group, size };
  }
  const twin = id.replace(/^base/, 'c4-twin');
  return { id: ARCH_IDS.includes(twin) ? twin : 'c4-twin-small', group, head: 'pooled', size };
}
