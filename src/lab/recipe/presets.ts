/** Designs by name with the settings they are trained with. Learning rates and epochs were chosen on validation tiles, but for transformers. */
import { BadInput } from '../errors';
import { VIT_IDS } from '../families/vit/spec';
import { checkRecipe, type Recipe } from './schema';

type Settings = Readonly<Record<string, unknown>>;

const settings = (epochs: number, learningRate: number) => ({
  epochs,
  learningRate,
  batch: 32,
  decay: 'linear',
});

/** As DeiT is trained, in short; nothing of it was searched for. */
const TRANSFORMER = {
  ...{ epochs: 40, batch: 64, learningRate: 0.001, decay: 'cosine', warmup: 3, patience: 1000 },
  ...{ decoupled: true, weightDecay: 0.05, smoothing: 0.1, augment: { crop: 4, flip: true } },
};
export type Habits = Readonly<typeof TRANSFORMER>;

/** The settings that a design cannot do without, whoever trains it; null where the usual ones will do. */
export const habitsOf = (id: string): Habits | null => (VIT_IDS.includes(id) ? TRANSFORMER : null);

const PRESETS: ReadonlyMap<string, { readonly arch: Settings; readonly settings: Settings }> = new Map([
  ['c4', { arch: { id: 'c4' }, settings: settings(16, 0.001) }],
  ['c4-twin', { arch: { id: 'c4-twin', head: 'pooled' }, settings: settings(14, 0.003) }],
  ['base', { arch: { id: 'base' }, settings: settings(14, 0.003) }],
  ['c4-small', { arch: { id: 'c4-small' }, settings: settings(16, 0.001) }],
  ['c4-twin-small', { arch: { id: 'c4-twin-small' }, settings: settings(24, 0.003) }],
  ['base-small', { arch: { id: 'base-small' }, settings: settings(24, 0.003) }],
  ['paper', { arch: { id: 'paper' }, settings: { epochs: 50, batch: 128, learningRate: 0.01 } }],
  ...VIT_IDS.map((id) => [id, { arch: { id }, settings: TRANSFORMER }] as const),
  ['tiny', { arch: { id: 'tiny' }, settings: { epochs: 3, batch: 32, learningRate: 0.01 } }],
]);

export const PRESET_NAMES: readonly string[] = [...PRESETS.keys()];

/**
 * The preset called `name`: trains the network it names, checks it on validation tiles and, once, on test tiles, and
 * nothing else. Throws `BadInput` for a name that there is not.
 */
export function preset(name: string): Recipe {
  const found = PRESETS.get(name);
  if (!found)
    throw new BadInput(
      `There is no preset "${name}". Choose one of: ${PRESET_NAMES.join(', ')}; or give a recipe file.`,
    );
  return checkRecipe({
    version: 2,
    name,
    arch: found.arch,
    stages: [
      { kind: 'train', settings: found.settings },
      { kind: 'check', part: 'val' },
      { kind: 'check', part: 'test', angles: [0, 45, 90, 135, 180, 225, 270, 315] },
    ],
  });
}
