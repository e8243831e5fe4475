/** Whether a recipe and a data set fit together, worked out without a tensor: before anything is run or written. */
import type { Dataset, Splits } from '../data/dataset';
import { limitSplit } from '../data/split/limit';
import { stratifiedSplit } from '../data/split/splits';
import { sameClasses, shrinkTiles } from '../data/tiles';
import { BadInput } from '../errors';
import { anyNamedArch } from '../families/anyArch';
import type { ArchSpec } from '../families/gcnn/arch';
import { namedArch } from '../families/gcnn/zoo';
import { paramShapes } from '../families/layout';
import { unitRefusal } from '../families/units';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import { canonical } from './identity';
import { type Planned, planRecipe } from './plan';
import type { Recipe, SplitSettings, Start } from './schema';
import type { StepOf } from './step';

/** A network that a recipe begins with, and the fingerprint that it was checked by. */
export interface Given {
  readonly fingerprint: string;
  readonly model: AnyModel;
}

/** What a run works on. */
export interface Prepared {
  readonly recipe: Recipe;
  readonly planned: readonly Planned[];
  /** Of a network that is trained. */
  readonly arch: AnyArch;
  /** As it was given, and at the network's input size. */
  readonly source: Dataset;
  readonly dataset: Dataset;
  /** The recipe's split. */
  readonly splits: Splits;
  /** Networks to begin with, by name. */
  readonly start: ReadonlyMap<string, AnyModel>;
}

/**
 * Fits a recipe and a dataset together: the architecture to the classes and channels, the tiles (averaged down where
 * they are larger) to its input, the split, the stages to each other. `given`: the networks that it begins with, in any
 * order. Throws `BadInput` where they do not fit, before anything is run or written.
 */
export function prepare(recipe: Recipe, source: Dataset, given: readonly Given[] = []): Prepared {
  const { id, ...overrides } = recipe.arch;
  const planned = planRecipe(recipe);
  const splits = splitOf(source, recipe.split);
  const start = new Map((recipe.start ?? []).map((each) => [each.name, startOf(each, given, source)]));
  const arch = anyNamedArch(id, {
    ...overrides,
    ...readBy(start),
    classes: source.classes.length,
    channels: source.channels,
  });
  paramShapes(arch);
  for (const { step, split } of planned) {
    requireStep(arch, step.kind);
    if (step.kind === 'distil') studentArch({ recipe, arch }, step.student);
    if (canonical(split) !== canonical(recipe.split)) splitOf(source, split);
  }
  return {
    recipe,
    planned,
    arch,
    source,
    dataset: shrinkTiles(source, arch.input.size),
    splits,
    start,
  };
}

/** The parts of a data set that a split's settings stand for. */
export function splitOf(source: Dataset, { limit, seed, ...fractions }: SplitSettings): Splits {
  const whole = stratifiedSplit(source, fractions, seed);
  return limit ? limitSplit(source, whole, limit) : whole;
}

/** All networks of a recipe read tiles of one size: that of the networks that it begins with. */
function readBy(start: ReadonlyMap<string, AnyModel>): { size?: number } {
  const sizes = new Set([...start.values()].map(({ arch }) => arch.input.size));
  if (sizes.size > 1) {
    throw new BadInput(
      `The networks that this recipe begins with read tiles of different sizes (${[...sizes].join(', ')} pixels).`,
    );
  }
  const [size] = sizes;
  return size === undefined ? {} : { size };
}

function startOf({ name, title, fingerprint }: Start, given: readonly Given[], source: Dataset): AnyModel {
  const called = title === '' ? `"${name}"` : `"${name}" (${title})`;
  const found = given.find((each) => each.fingerprint === fingerprint);
  if (!found) {
    throw new BadInput(
      `This recipe begins with the network ${called}, fingerprint ${fingerprint}, which was not given` +
        `${given.length === 0 ? '' : ' (another one was)'}: give its file with --network, or open it in the page.`,
    );
  }
  const { model } = found;
  if (!sameClasses(model.classes, source.classes)) {
    throw new BadInput(
      `The network ${called} tells ${model.classes.length} classes apart (${model.classes.join(', ')}), but the data ` +
        `has ${source.classes.length} (${source.classes.join(', ')}): give it data with the same classes.`,
    );
  }
  if (model.arch.input.channels !== source.channels) {
    throw new BadInput(
      `The network ${called} reads pictures of ${model.arch.input.channels} channels, but the data has ` +
        `${source.channels}: give it data of the kind it was trained on.`,
    );
  }
  return model;
}

/** Throws `BadInput` for a step that works on hidden neurons where a network has none. */
function requireStep(arch: AnyArch, kind: string): void {
  if (kind === 'train' || kind === 'quantise' || kind === 'check') return;
  const refusal = unitRefusal(arch, 'neuron');
  if (refusal === null) return;
  throw new BadInput(
    `The recipe has a "${kind}" stage, but "${arch.id}" is ${refusal}. Or take the stage out.`,
  );
}

/** A student's design at the recipe's input size. Throws `BadInput` where that is none. */
export function studentArch(
  { recipe, arch }: Pick<Prepared, 'recipe' | 'arch'>,
  student: StepOf<'distil'>['student'],
): ArchSpec {
  const fixed = { size: arch.input.size, classes: arch.classes, channels: arch.input.channels };
  const design =
    student.id === undefined
      ? namedArch(recipe.arch.id, { ...recipe.arch, ...student, ...fixed })
      : namedArch(student.id, { ...student, ...fixed });
  paramShapes(design);
  return design;
}
