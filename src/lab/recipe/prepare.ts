/** Whether a recipe and a data set fit together, worked out without a tensor: before anything is run or written. */
import type { Dataset, Splits } from '../data/dataset';
import { limitSplit } from '../data/split/limit';
import { stratifiedSplit } from '../data/split/splits';
import { shrinkTiles } from '../data/tiles';
import { BadInput } from '../errors';
import { anyNamedArch } from '../families/anyArch';
import type { ArchSpec } from '../families/gcnn/arch';
import { namedArch } from '../families/gcnn/zoo';
import { paramShapes } from '../families/layout';
import { unitRefusal } from '../families/units';
import type { AnyArch } from '../nn/arch';
import { planStages } from './plan';
import type { Recipe, RecipeStage } from './schema';

/** What a run works on. */
export interface Prepared {
  readonly recipe: Recipe;
  readonly arch: AnyArch;
  /** At the network's input size. */
  readonly dataset: Dataset;
  readonly splits: Splits;
}

/**
 * Fits a recipe and a dataset together: the architecture to the classes and channels, the tiles (averaged down where
 * they are larger) to its input, the split, the stages to each other. Throws `BadInput` where they do not fit, before
 * anything is run or written.
 */
export function prepare(recipe: Recipe, source: Dataset): Prepared {
  const { id, ...overrides } = recipe.arch;
  const { classes, channels } = source;
  const { limit, seed, ...fractions } = recipe.split;
  const whole = stratifiedSplit(source, fractions, seed);
  const splits = limit ? limitSplit(source, whole, limit) : whole;
  const arch = anyNamedArch(id, { ...overrides, classes: classes.length, channels });
  paramShapes(arch);
  for (const { stage } of planStages(recipe)) {
    requireStage(arch, stage);
    if (stage.kind === 'distil') studentArch({ recipe, arch }, stage.student);
  }
  const dataset = shrinkTiles(source, arch.input.size);
  return { recipe, arch, dataset, splits };
}

/** Throws `BadInput` for a stage that works on hidden neurons where a network has none. */
function requireStage(arch: AnyArch, { kind }: RecipeStage): void {
  if (kind === 'train' || kind === 'quantise' || kind === 'rotate') return;
  const refusal = unitRefusal(arch, 'neuron');
  if (refusal === null) return;
  throw new BadInput(
    `The recipe has a "${kind}" stage, but "${arch.id}" is ${refusal}. Or take the stage out.`,
  );
}

/** A student's design at the recipe's input size. Throws `BadInput` where that is none. */
export function studentArch(
  { recipe, arch }: Pick<Prepared, 'recipe' | 'arch'>,
  student: Extract<RecipeStage, { kind: 'distil' }>['student'],
): ArchSpec {
  const fixed = { size: arch.input.size, classes: arch.classes };
  const design =
    student.id === undefined
      ? namedArch(recipe.arch.id, { ...recipe.arch, ...student, ...fixed })
      : namedArch(student.id, { ...student, ...fixed });
  paramShapes(design);
  return design;
}
