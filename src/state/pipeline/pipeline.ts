/** What the Pipeline view's form says, the recipe it stands for, and the recipe file that may take its place. */

import { z } from 'zod';
import { create } from 'zustand';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { BadInput } from '../../lab/errors';
import { anyNamedArch } from '../../lab/families/anyArch';
import { unitRefusal } from '../../lab/families/units';
import { requireOnce } from '../../lab/files/twice';
import { type AnyArch, INT8_LAYERS, INT8_RANGES } from '../../lab/nn/arch';
import { RANKINGS } from '../../lab/prune/blocks/rank';
import { BLOCK_TUNING } from '../../lab/prune/blocks/tuning';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../lab/prune/fields/choice';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import { firstName } from '../../lab/recipe/networkNames';
import { readRecipe } from '../../lab/recipe/parse';
import type { Given } from '../../lab/recipe/prepare';
import {
  checkRecipe,
  type Recipe,
  type RecipeStage,
  type StageKind,
  type StageOf,
} from '../../lab/recipe/schema';
import { SCOPES } from '../../lab/train/settings';
import { DESIGN_IDS, designIn, ownChoices, ownTraining, trainingIn } from '../train/designs';
import { changed, choicesIn, DEFAULT_PLAN, planSchema, trainingOf, wishOf } from '../train/plan';

/** Its epochs are those of each of the two trainings. */
export const pipelineSchema = planSchema.extend({
  /** Hidden neurons of the student; 0: no distillation. */
  hidden: z.coerce.number().int().min(0).max(65536),
  alpha: z.coerce.number().min(0).max(1),
  temperature: z.coerce.number().positive().max(100),
  /** Share of each layer's fields to remove before the neurons; 0: none. */
  fieldShare: z.coerce.number().min(0).lt(1),
  fieldMethod: z.enum(CRITERION_IDS),
  fieldCompensation: z.enum(FIELD_COMPENSATIONS),
  method: z.enum(CRITERION_IDS),
  compensation: z.enum(COMPENSATIONS),
  ratio: z.coerce.number().min(0).lt(1),
  /** Of a transformer: what goes, and whether its blocks are ranked together. */
  units: z.enum(BLOCK_UNITS),
  ranking: z.enum(RANKINGS),
  scope: z.enum(SCOPES),
  /** Fine-tuning starts when more than 2 points are lost, as in the paper, or as soon as anything is. */
  tune: z.enum(['drop', 'any']),
  layers: z.enum(INT8_LAYERS),
  range: z.enum(INT8_RANGES),
});
export type PipelinePlan = z.infer<typeof pipelineSchema>;

/** The paper's pipeline, on a network that goes through all of it in about two minutes on one WASM thread. */
export const DEFAULT_PIPELINE: PipelinePlan = {
  ...DEFAULT_PLAN,
  ...ownPipeline(DEFAULT_PLAN.arch),
  alpha: 0.5,
  temperature: 4,
  fieldShare: 0,
  fieldMethod: 'l2',
  fieldCompensation: 'norms',
  ratio: 0.5,
  units: 'mlp',
  ranking: 'network',
  tune: 'drop',
  layers: 'dense',
  range: 'tile',
};

/** What a form for a design says where nothing else was said. */
export const pipelineFor = (arch: string): PipelinePlan => ({
  ...DEFAULT_PIPELINE,
  ...ownChoices(arch),
  ...ownTraining(arch),
  ...ownPipeline(arch),
});

/** Whether what goes stands inside the blocks of a design, and not behind its convolutions. */
function hasBlocks(design: string): boolean {
  return isPrunedInBlocks(anyNamedArch(design));
}

function isPrunedInBlocks(arch: AnyArch): boolean {
  return unitRefusal(arch, 'mlp') === null;
}

/** The same of the network that a form is about. */
export const worksOnBlocks = ({ arch }: Pick<PipelinePlan, 'arch'>, begin: Begin | null): boolean =>
  begin ? isPrunedInBlocks(begin.given.model.arch) : hasBlocks(arch);

/** What a design brings beside how it is trained. */
function ownPipeline(arch: string) {
  return hasBlocks(arch)
    ? { hidden: 0, ...waysOf(true) }
    : { hidden: studentOf(arch), epochs: 8, ...waysOf(false) };
}

/** How units inside blocks are removed, as VBP does, and neurons behind convolutions, as the paper does. */
function waysOf(inBlocks: boolean): Pick<PipelinePlan, 'method' | 'compensation' | 'scope'> {
  return inBlocks
    ? { method: 'variance', compensation: 'mean', scope: 'network' }
    : { method: 'l2', compensation: 'none', scope: 'head' };
}

/** Hidden neurons of a design's head; 0 where it has none. */
export function headNeurons(arch: string): number {
  const { head } = anyNamedArch(arch) as { readonly head?: { readonly hidden: number } };
  return head?.hidden ?? 0;
}

/** The paper's student has 90 of 128 hidden neurons. */
function studentOf(arch: string): number {
  return Math.max(1, Math.round((headNeurons(arch) * 90) / 128));
}

/** A recipe opened from a file, which runs as it is. */
export interface OpenedRecipe {
  readonly file: string;
  readonly recipe: Recipe;
}

/** A network at hand that a pipeline goes on from instead of training one. */
export interface Begin {
  readonly name: string;
  readonly given: Given;
  /** The split that its file names: its test tiles are to stay unseen. */
  readonly split: Recipe['split'] | null;
}

interface PipelineForm {
  readonly plan: PipelinePlan;
  /** null: a network is trained. */
  readonly begin: Begin | null;
  readonly opened: OpenedRecipe | null;
  /** Why a file could not be opened. */
  readonly refusal: string | null;
}

export const usePipeline = create<PipelineForm>()(() => ({
  plan: DEFAULT_PIPELINE,
  begin: null,
  opened: null,
  refusal: null,
}));

/** Changes the form; a newly chosen design brings its own choices and student, and what its kind of network needs. */
export function changePipeline(changes: Partial<PipelinePlan>): void {
  usePipeline.setState(({ plan }) => {
    const { arch } = changes;
    if (arch === undefined) return { plan: changed(plan, changes) };
    const { hidden, ...rest } = ownPipeline(arch);
    const isOther = hasBlocks(arch) !== hasBlocks(plan.arch);
    const own = { hidden, ...(isOther && { ...rest, fieldShare: 0 }) };
    return { plan: changed(plan, { ...own, ...changes }) };
  });
}

/** Goes on from a network at hand, on its data where they are known; nothing more is removed unless that is asked for. */
export function beginPipeline(begin: Begin, data: string | null): void {
  const { plan, begin: before } = usePipeline.getState();
  const inBlocks = worksOnBlocks(plan, begin);
  usePipeline.setState({ begin, opened: null, refusal: null });
  changePipeline({
    ...(inBlocks !== worksOnBlocks(plan, before) && waysOf(inBlocks)),
    ...{ ratio: 0, fieldShare: 0, ...(data !== null && { data }) },
  });
}

export const trainAnew = (): void => {
  const { plan, begin } = usePipeline.getState();
  const inBlocks = worksOnBlocks(plan, null);
  usePipeline.setState({ begin: null });
  changePipeline({
    ...(inBlocks !== worksOnBlocks(plan, begin) && waysOf(inBlocks)),
    ratio: DEFAULT_PIPELINE.ratio,
  });
};

/** The recipe of a form that goes on from a network at hand: without a training, and without a pruning of nothing. */
export function recipeFrom(plan: PipelinePlan, { name, given, split }: Begin): Recipe {
  const whole = recipeOfPipeline({ ...plan, hidden: 0 }, isPrunedInBlocks(given.model.arch));
  const { arch } = given.model;
  const { bands: _, ...rest } = whole;
  return checkRecipe({
    ...rest,
    name: `${firstName(name)} pipeline`.slice(0, 100),
    arch: { id: arch.id, size: arch.input.size },
    ...(split && { split }),
    start: [{ name: 'network', title: name, fingerprint: given.fingerprint }],
    stages: plan.ratio > 0 ? whole.stages.slice(2) : withoutUnits(whole.stages.slice(2)),
  });
}

/** Without the pruning of neurons, or in blocks, and the fine-tuning that follows it. */
function withoutUnits(stages: readonly RecipeStage[]): readonly RecipeStage[] {
  const at = stages.findIndex(({ kind }) => kind === 'prune' || kind === 'prune-blocks');
  return stages.filter((_, i) => i !== at && i !== at + 1);
}

/** The recipe of a form: the paper's pipeline, each network checked at the four quarter turns, the last on test tiles. */
export function recipeOfPipeline(plan: PipelinePlan, inBlocks = hasBlocks(plan.arch)): Recipe {
  const { arch, hidden, alpha, temperature, layers, range } = plan;
  const settings = trainingIn(plan, plan);
  const check = { kind: 'check', part: 'val' };
  // A student learns from its teacher, too, so that its labels are not weighed.
  const { balance: _, ...alike } = settings;
  const distil = { kind: 'distil', student: { hidden }, settings: { ...alike, alpha, temperature } };
  return checkRecipe({
    version: 2,
    name: `${arch} pipeline`,
    arch: choicesOf(plan),
    ...(plan.bands !== 'all' && { bands: wishOf(plan.bands) }),
    seed: plan.seed,
    split: { seed: plan.splitSeed, ...DEFAULT_FRACTIONS },
    stages: [
      { kind: 'train', settings },
      check,
      ...(hidden > 0 ? [distil, check] : []),
      ...(inBlocks ? blockStages(plan) : layerStages(plan)),
      { kind: 'quantise', layers, range },
      { kind: 'check', part: 'test' },
    ],
  });
}

/** Fields of the convolutions, where any are to go, then neurons behind them, each followed by a fine-tuning. */
function layerStages(plan: PipelinePlan): object[] {
  const { method, compensation, ratio, scope, fieldShare, fieldMethod, fieldCompensation } = plan;
  const finetune = { kind: 'finetune', settings: { scope, ...limitsOf(plan) } };
  const fields = {
    kind: 'prune-fields',
    ratio: fieldShare,
    method: fieldMethod,
    compensation: fieldCompensation,
  };
  return [
    ...(fieldShare > 0 ? [fields, finetune] : []),
    { kind: 'prune', ratio, method, compensation },
    finetune,
  ];
}

/** As VBP goes about it: units inside the blocks, then all of the network, taught by the unpruned one. */
function blockStages(plan: PipelinePlan): object[] {
  const { units, ratio, ranking, method, compensation } = plan;
  return [
    { kind: 'prune-blocks', units, ratio, ranking, method, compensation },
    { kind: 'finetune', settings: { ...BLOCK_TUNING, ...limitsOf(plan) } },
  ];
}

const limitsOf = ({ tune }: PipelinePlan) => tune === 'any' && { tolerance: 0, excellent: 0 };

/** A design, with what is chosen of it otherwise than it is by itself. */
function choicesOf(plan: PipelinePlan): Recipe['arch'] {
  const { id, ...chosen } = designIn(plan);
  const own = ownChoices(id);
  const other = Object.entries(chosen).filter(([name, value]) => own[name as keyof typeof own] !== value);
  return { id, ...Object.fromEntries(other) };
}

/** The form that stands for a recipe: the inverse of `recipeOfPipeline`; null for one that says more than the form. */
export function pipelineOf(recipe: Recipe, data: string): PipelinePlan | null {
  if (!DESIGN_IDS.includes(recipe.arch.id)) return null;
  const find = <K extends StageKind>(kind: K) =>
    recipe.stages.find((stage): stage is StageOf<K> => stage.kind === kind);
  const [train, distil, quantise] = [find('train'), find('distil'), find('quantise')];
  const [finetune, fields, blocks] = [find('finetune'), find('prune-fields'), find('prune-blocks')];
  const prune = blocks ?? find('prune');
  const given = pipelineSchema.safeParse({
    ...DEFAULT_PIPELINE,
    data,
    ...choicesIn(recipe.arch),
    ...(recipe.bands !== undefined && { bands: String(recipe.bands) }),
    seed: recipe.seed,
    splitSeed: recipe.split.seed,
    ...(train && trainingOf(train.settings)),
    hidden: distil?.student.hidden ?? 0,
    ...(distil && { alpha: distil.settings.alpha, temperature: distil.settings.temperature }),
    ...(fields && {
      fieldShare: fields.ratio,
      fieldMethod: fields.method,
      fieldCompensation: fields.compensation,
    }),
    method: prune?.method,
    compensation: prune?.compensation,
    ratio: prune?.ratio,
    ...(blocks && { units: blocks.units, ranking: blocks.ranking }),
    scope: finetune?.settings.scope,
    tune: finetune?.settings.tolerance === 0 ? 'any' : 'drop',
    layers: quantise?.layers,
    range: quantise?.range,
  });
  if (!given.success) return null;
  return isSame(recipeOfPipeline(given.data), recipe) ? given.data : null;
}

/** Names are theirs to choose. */
const isSame = (a: Recipe, b: Recipe): boolean =>
  JSON.stringify({ ...a, name: '' }) === JSON.stringify({ ...b, name: '' });

/** Opens a recipe file in place of the form; what it cannot be is said. */
export async function openRecipe(file: File): Promise<void> {
  try {
    const recipe = recipeIn(await file.text(), file.name);
    usePipeline.setState({ opened: { file: file.name, recipe }, refusal: null });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    usePipeline.setState({ refusal: `${file.name} was not opened. ${error.message}` });
  }
}

/** A recipe from the text of a file. Throws `BadInput`. */
export function recipeIn(text: string, name: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(
      `It is not JSON. Give a recipe as “Recipe” saves it here, or as \`lab run\` takes it (${name} was left as it is).`,
    );
  }
  requireOnce(text, 'It');
  return readRecipe(value).recipe;
}

export const closeRecipe = (): void => usePipeline.setState({ opened: null, refusal: null });

/** A kept run's recipe back into the form, or beside it where it says more than the form. */
export function repeatRecipe(recipe: Recipe, data: string, name: string): void {
  const plan = pipelineOf(recipe, data);
  if (plan) usePipeline.setState({ plan, begin: null, opened: null, refusal: null });
  else {
    changePipeline({ data });
    usePipeline.setState({ opened: { file: name, recipe }, refusal: null });
  }
}
