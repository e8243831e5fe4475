/** Whether a recipe and a data set fit together, worked out without a tensor: before anything is run or written. */
import type { Dataset, Splits } from '../data/dataset';
import { limitSplit } from '../data/split/limit';
import { stratifiedSplit } from '../data/split/splits';
import { shrinkTiles } from '../data/tiles';
import { BadInput } from '../errors';
import { type AnyArch, anyNamedArch, isComparator } from '../families/anyArch';
import type { ArchSpec } from '../families/gcnn/arch';
import { paramShapes } from '../families/gcnn/layout';
import { namedArch } from '../families/gcnn/zoo';
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
    if (isComparator(arch)) requireComparatorStage(id, stage);
    if (stage.kind === 'distil') studentArch({ recipe, arch }, stage.student);
  }
  const dataset = shrinkTiles(source, arch.input.size);
  return { recipe, arch, dataset, splits };
}

/** A comparator has no hidden neurons to remove, and gives no lessons here. */
function requireComparatorStage(id: string, { kind }: RecipeStage): void {
  if (kind === 'train' || kind === 'quantise' || kind === 'rotate') return;
  throw new BadInput(
    `The recipe has a "${kind}" stage, but "${id}" is a comparator with a single dense layer, which is only trained, ` +
      'quantised and evaluated: take the stage out, or choose a network with a hidden layer.',
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
