/** Whether a recipe and a data set fit together, worked out without a tensor: before anything is run or written. */

import { foldsOf } from '../adapt/folds';
import { REFUSALS } from '../adapt/penalties/refusals';
import { projectionRefusal } from '../adapt/project';
import { bandsFor, type Channels, chosenChannels, requireChannels } from '../data/bands';
import { areOnePicture } from '../data/constant';
import type { Dataset, Splits } from '../data/dataset';
import { foldSplit } from '../data/split/folds';
import { limitSplit } from '../data/split/limit';
import { shareSplit } from '../data/split/share';
import { stratifiedSplit } from '../data/split/splits';
import { sameClasses, shrinkTiles } from '../data/tiles';
import { BadInput } from '../errors';
import { anyNamedArch } from '../families/anyArch';
import type { Unit } from '../families/family';
import type { ArchSpec } from '../families/gcnn/arch';
import { namedArch } from '../families/gcnn/zoo';
import { paramShapes } from '../families/layout';
import { familyOf } from '../families/registry';
import { unitRefusal } from '../families/units';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import { plain } from '../plain';
import { GROUPS } from '../symmetry/group';
import { canonical } from './identity';
import { type Planned, planRecipe, type Source } from './plan';
import type { Recipe, SplitSettings, StageKind, Start } from './schema';
import type { Step, StepKind, StepOf } from './step';
import { isBlockCell } from './studyPlan';

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
  const start = new Map(
    (recipe.start ?? []).map((each) => [
      each.name,
      startOf(each, given, source, canLearn(planned, each.name)),
    ]),
  );
  const read = readBy(start);
  const { channels, bands } = read ?? chosenChannels(source, recipe.bands);
  const wished = chosenChannels(source, recipe.bands);
  if (recipe.bands && canonical({ channels, bands }) !== canonical(wished)) {
    throw new BadInput(
      'The networks that this recipe begins with read other bands than it chooses: leave "bands" out.',
    );
  }
  const arch =
    ownDesign(recipe, start) ??
    anyNamedArch(id, {
      ...overrides,
      ...(read && { size: read.size }),
      classes: source.classes.length,
      ...definedOf({ channels, bands }),
    });
  paramShapes(arch);
  for (const each of planned) {
    const { step, split } = each;
    const known = { recipe, planned, start, arch };
    requireStep(originOf(known, each.input), step);
    requireSymmetry(known, each, source);
    if (step.kind === 'distil') studentArch({ recipe, arch }, step.student);
    if (canonical(split) !== canonical(recipe.split)) splitOf(source, split);
  }
  return {
    recipe,
    planned,
    arch,
    source,
    dataset: shrinkTiles(bandsFor(source, arch.input), arch.input.size),
    splits,
    start,
  };
}

const TRAINING: ReadonlySet<StageKind> = new Set(['train', 'continue', 'distil', 'adapt']);

/**
 * Throws `BadInput` where a recipe trains on tiles that are all alike: that would end, with nothing learnt. Not part of
 * `prepare`, which a form asks before any tile is read.
 */
export function requireDifferentTiles({ recipe: { stages }, source, splits: { train } }: Prepared): void {
  if (!stages.some(({ kind }) => TRAINING.has(kind))) return;
  if (!areOnePicture(source, train)) return;
  throw new BadInput(
    `All ${train.length} training tiles of "${plain(source.title)}" are the same picture, which never varies, so there is nothing to tell ` +
      'its classes apart by. Nothing was begun; look at the files of this set, or give other data.',
  );
}

/** The parts of a data set that a split's settings stand for. */
export function splitOf(source: Dataset, { limit, share, folds, seed, ...fractions }: SplitSettings): Splits {
  const whole = folds ? foldSplit(source, fractions, seed, folds) : stratifiedSplit(source, fractions, seed);
  const limited = limit ? limitSplit(source, whole, limit) : whole;
  return share === undefined ? limited : shareSplit(source, limited, share);
}

/** All networks of a recipe read the same of a tile: what the networks that it begins with do; null where it has none. */
function readBy(start: ReadonlyMap<string, AnyModel>): (Channels & { readonly size: number }) | null {
  const inputs = [...start.values()].map(({ arch }) => arch.input);
  const sizes = new Set(inputs.map(({ size }) => size));
  if (sizes.size > 1) {
    throw new BadInput(
      `The networks that this recipe begins with read tiles of different sizes (${[...sizes].join(', ')} pixels).`,
    );
  }
  const bands = new Set(inputs.map((input) => canonical(input)));
  if (bands.size > 1) throw new BadInput('The networks that this recipe begins with read different bands.');
  return inputs[0] ?? null;
}

/** Absent rather than undefined: an architecture is JSON. */
const definedOf = ({ channels, bands }: Channels): Channels => ({ channels, ...(bands && { bands }) });

/** Whether a network that a recipe begins with is only taken by stages that teach it the classes of the data. */
const canLearn = (planned: readonly Planned[], name: string): boolean => {
  const takers = planned.filter(({ input, towards }) => isStart(input, name) || isStart(towards, name));
  return takers.length > 0 && takers.every(({ kind }) => LEARNING.has(kind));
};

/** Steps that take a network of other classes, and give it a new last layer. */
const LEARNING: ReadonlySet<StepKind> = new Set(['continue', 'adapt', 'adapt-fold']);

const isStart = (source: Planned['input'], name: string) => source?.kind === 'start' && source.name === name;

function startOf(
  { name, title, fingerprint }: Start,
  given: readonly Given[],
  source: Dataset,
  learns: boolean,
): AnyModel {
  const called = title === '' ? `"${name}"` : `"${name}" (${title})`;
  const found = given.find((each) => each.fingerprint === fingerprint);
  if (!found) {
    throw new BadInput(
      `This recipe begins with the network ${called}, fingerprint ${fingerprint}, which was not given` +
        `${given.length === 0 ? '' : ' (another one was)'}: give its file with --network, or open it in the page.`,
    );
  }
  const { model } = found;
  if (!learns && !sameClasses(model.classes, source.classes)) {
    throw new BadInput(
      `The network ${called} tells ${model.classes.length} classes apart (${model.classes.join(', ')}), but the data ` +
        `has ${source.classes.length} (${source.classes.join(', ')}): give it data with the same classes, or put ` +
        'a "continue" or "adapt" stage first, which gives it a new last layer.',
    );
  }
  const { input } = model.arch;
  if (source.bands || input.bands) requireChannels(source, input);
  else if (input.channels !== source.channels) {
    throw new BadInput(
      `The network ${called} reads pictures of ${input.channels} channels, but the data has ` +
        `${source.channels}: give it data of the kind it was trained on.`,
    );
  }
  return model;
}

/** The design of the network that a recipe begins with, where that came in from elsewhere and has no name here to be made by. */
function ownDesign({ arch, start = [] }: Recipe, given: ReadonlyMap<string, AnyModel>): AnyArch | null {
  const first = start[0] && given.get(start[0].name);
  if (!first || first.arch.id !== arch.id) return null;
  return familyOf(first.arch).designs.includes(arch.id) ? null : first.arch;
}

/** Steps that any network can take. */
const FOR_ANY: ReadonlySet<StepKind> = new Set([
  ...(['train', 'continue', 'quantise', 'check', 'adapt', 'adapt-fold', 'project'] as const),
]);

/** Throws `BadInput` for a step that works on what a network does not have. */
function requireStep(arch: AnyArch, step: Step): void {
  const { kind } = step;
  if (FOR_ANY.has(kind)) return;
  const refusal = unitRefusal(arch, unitOf(step));
  if (refusal === null) {
    if (kind === 'study' && step.tuning === 'head' && isBlockCell(step.cell)) {
      throw new BadInput(
        `The recipe has a "study" stage that fine-tunes the head, but "${arch.id}" has none that could be trained alone: set ` +
          '"head" to null, and fine-tune some of its networks wholly.',
      );
    }
    return;
  }
  if (kind === 'finetune' && (unitRefusal(arch, 'mlp') === null || unitRefusal(arch, 'filter') === null)) {
    if (step.settings.scope === 'network') return;
    throw new BadInput(
      `The recipe has a "finetune" stage of scope "${step.settings.scope}", but "${arch.id}" has no hidden layer that could be ` +
        'trained alone: give its settings the scope "network".',
    );
  }
  throw new BadInput(
    `The recipe has a "${kind}" stage, but "${arch.id}" is ${refusal}. Or take the stage out.`,
  );
}

/** What a step works on; of most it is the hidden layer. */
function unitOf(step: Step): Unit {
  if (step.kind === 'prune-blocks') return step.units;
  if (step.kind === 'prune-filters') return 'filter';
  return step.kind === 'study' && isBlockCell(step.cell) ? step.cell.units : 'neuron';
}

/** Throws `BadInput` for a step towards equivariance that its network, as far as it is known, or its tiles do not allow. */
function requireSymmetry(known: Known, { step, input, split }: Planned, source: Dataset): void {
  if (step.kind === 'adapt-fold') foldsOf(source, splitOf(source, split), step.folds);
  const arch = archOf(known, input);
  if (!arch) return;
  const refusal =
    step.kind === 'project'
      ? projectionRefusal(arch, step.group)
      : (step.kind === 'adapt' || step.kind === 'adapt-fold') && step.lambda !== 0
        ? REFUSALS[step.penalty](arch, GROUPS[step.group])
        : null;
  if (refusal !== null) throw new BadInput(refusal);
}

/** What is known of a recipe's networks before anything is run. */
type Known = Pick<Prepared, 'recipe' | 'planned' | 'start' | 'arch'>;

/** The design that a source's network was made from: of the same family, though it may have become smaller since. */
function originOf(known: Known, source: Source | null): AnyArch {
  const design = archOf(known, source);
  if (design || source === null) return design ?? known.arch;
  const made = known.planned.find(({ name, group }) =>
    source.kind === 'rule' ? group === source.rule.of : name === source.name,
  );
  return originOf(known, made!.input);
}

/** The design of a source's network, where it is known before anything is run. */
function archOf(known: Known, source: Source | null): AnyArch | null {
  if (source === null) return known.arch;
  if (source.kind === 'start') return known.start.get(source.name)!.arch;
  if (source.kind === 'rule') return null;
  const { step, input } = known.planned.find(({ name }) => name === source.name)!;
  if (step.kind === 'train') return known.arch;
  if (step.kind === 'distil') return studentArch(known, step.student);
  return step.kind === 'adapt' || step.kind === 'continue' ? archOf(known, input) : null;
}

/** A student's design at the recipe's input size. Throws `BadInput` where that is none. */
export function studentArch(
  { recipe, arch }: Pick<Prepared, 'recipe' | 'arch'>,
  student: StepOf<'distil'>['student'],
): ArchSpec {
  const { size, ...channels } = arch.input;
  const fixed = { size, classes: arch.classes, ...definedOf(channels) };
  const design =
    student.id === undefined
      ? namedArch(recipe.arch.id, { ...recipe.arch, ...student, ...fixed })
      : namedArch(student.id, { ...student, ...fixed });
  paramShapes(design);
  return design;
}
