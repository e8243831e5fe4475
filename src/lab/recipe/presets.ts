/** Recipes by name. The learning rates and epochs were chosen on validation tiles. */
import { BadInput } from '../errors';
import { CRITERION_IDS } from '../prune/criteria';
import { COMPENSATIONS } from '../prune/neurons/compensate';
import { parseRecipe, type Recipe } from './schema';

type Settings = Readonly<Record<string, unknown>>;

const fullStudy = (name: string, arch: Settings, train: Settings): Recipe =>
  parseRecipe({
    version: 1,
    name,
    arch,
    stages: [
      { kind: 'train', settings: train },
      { kind: 'rotate', split: 'val' },
      {
        kind: 'prune',
        ratios: [0.3, 0.5, 0.7, 0.9],
        methods: [...CRITERION_IDS],
        compensations: [...COMPENSATIONS],
        finetune: {},
      },
      { kind: 'rotate', split: 'test', angles: [0, 45, 90, 135, 180, 225, 270, 315] },
    ],
  });

const settings = (epochs: number, learningRate: number) => ({
  epochs,
  learningRate,
  batch: 32,
  decay: 'linear',
});

const PRESETS: Readonly<Record<string, () => Recipe>> = {
  c4: () => fullStudy('c4', { id: 'c4' }, settings(16, 0.001)),
  'c4-twin': () => fullStudy('c4-twin', { id: 'c4-twin', head: 'pooled' }, settings(14, 0.003)),
  base: () => fullStudy('base', { id: 'base' }, settings(14, 0.003)),
  'c4-small': () => fullStudy('c4-small', { id: 'c4-small' }, settings(16, 0.001)),
  'c4-twin-small': () => fullStudy('c4-twin-small', { id: 'c4-twin-small' }, settings(24, 0.003)),
  'base-small': () => fullStudy('base-small', { id: 'base-small' }, settings(24, 0.003)),
  paper: () => fullStudy('paper', { id: 'paper' }, { epochs: 50, batch: 128, learningRate: 0.01 }),
  tiny: () => fullStudy('tiny', { id: 'tiny' }, { epochs: 3, batch: 32, learningRate: 0.01 }),
};

export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/** The preset called `name`, or undefined. */
export function preset(name: string): Recipe {
  const make = PRESETS[name];
  if (!make)
    throw new BadInput(
      `There is no preset "${name}". Choose one of: ${PRESET_NAMES.join(', ')}; or give a recipe file.`,
    );
  return make();
}
