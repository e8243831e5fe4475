/** Recipes by name. The learning rates and epochs were chosen on validation tiles. */
import { BadInput } from '../errors';
import { COMPENSATIONS } from '../prune/compensate';
import { CRITERION_IDS } from '../prune/criteria';
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

const brief = { batch: 32, decay: 'linear', epochs: 20, learningRate: 0.003 };

const PRESETS: Readonly<Record<string, () => Recipe>> = {
  c4: () => fullStudy('c4', { id: 'c4' }, brief),
  'c4-twin': () => fullStudy('c4-twin', { id: 'c4-twin' }, brief),
  base: () => fullStudy('base', { id: 'base' }, brief),
  'c4-small': () => fullStudy('c4-small', { id: 'c4-small' }, brief),
  'c4-twin-small': () => fullStudy('c4-twin-small', { id: 'c4-twin-small' }, brief),
  'base-small': () => fullStudy('base-small', { id: 'base-small' }, brief),
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
