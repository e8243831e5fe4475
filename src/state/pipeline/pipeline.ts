/** What the Pipeline view's form says, the recipe it stands for, and the recipe file that may take its place. */

import { z } from 'zod';
import { create } from 'zustand';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { BadInput } from '../../lab/errors';
import { ARCH_IDS, namedArch } from '../../lab/families/gcnn/zoo';
import { requireOnce } from '../../lab/files/twice';
import { INT8_LAYERS, INT8_RANGES } from '../../lab/nn/arch';
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
import { choicesIn, DEFAULT_PLAN, ownChoices, planSchema, wishOf } from '../train/plan';

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
  epochs: 8,
  hidden: studentOf(DEFAULT_PLAN.arch),
  alpha: 0.5,
  temperature: 4,
  fieldShare: 0,
  fieldMethod: 'l2',
  fieldCompensation: 'norms',
  method: 'l2',
  compensation: 'none',
  ratio: 0.5,
  scope: 'head',
  tune: 'drop',
  layers: 'dense',
  range: 'tile',
};

/** What a form for a design says where nothing else was said. */
export const pipelineFor = (arch: string): PipelinePlan => ({
  ...DEFAULT_PIPELINE,
  ...ownChoices(arch),
  hidden: studentOf(arch),
});

/** The paper's student has 90 of 128 hidden neurons. */
function studentOf(arch: string): number {
  return Math.max(1, Math.round((namedArch(arch).head.hidden * 90) / 128));
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

/** Changes the form; a newly chosen design brings its own group, head, size and student. */
export function changePipeline(changes: Partial<PipelinePlan>): void {
  const own = {
    ...(changes.arch !== undefined && { ...ownChoices(changes.arch), hidden: studentOf(changes.arch) }),
    ...(changes.data !== undefined && { bands: DEFAULT_PIPELINE.bands }),
  };
  usePipeline.setState(({ plan }) => ({ plan: { ...plan, ...own, ...changes } }));
}

/** Goes on from a network at hand, on its data where they are known; nothing more is removed unless that is asked for. */
export function beginPipeline(begin: Begin, data: string | null): void {
  usePipeline.setState({ begin, opened: null, refusal: null });
  changePipeline({ ratio: 0, fieldShare: 0, ...(data !== null && { data }) });
}

export const trainAnew = (): void => {
  usePipeline.setState({ begin: null });
  changePipeline({ ratio: DEFAULT_PIPELINE.ratio });
};

/** The recipe of a form that goes on from a network at hand: without a training, and without a pruning of nothing. */
export function recipeFrom(plan: PipelinePlan, { name, given, split }: Begin): Recipe {
  const whole = recipeOfPipeline({ ...plan, hidden: 0 });
  const { arch } = given.model;
  const { bands: _, ...rest } = whole;
  return checkRecipe({
    ...rest,
    name: `${firstName(name)} pipeline`.slice(0, 100),
    arch: { id: arch.id, size: arch.input.size },
    ...(split && { split }),
    start: [{ name: 'network', title: name, fingerprint: given.fingerprint }],
    stages: plan.ratio > 0 ? whole.stages.slice(2) : withoutNeurons(whole.stages.slice(2)),
  });
}

/** Without the pruning of neurons, and the fine-tuning that follows it. */
function withoutNeurons(stages: readonly RecipeStage[]): readonly RecipeStage[] {
  const at = stages.findIndex(({ kind }) => kind === 'prune');
  return stages.filter((_, i) => i !== at && i !== at + 1);
}

/** The recipe of a form: the paper's pipeline, each network checked at the four quarter turns, the last on test tiles. */
export function recipeOfPipeline(plan: PipelinePlan): Recipe {
  const { arch, hidden, alpha, temperature, method, compensation, ratio, scope, tune, layers, range } = plan;
  const { fieldShare, fieldMethod, fieldCompensation } = plan;
  const settings = {
    epochs: plan.epochs,
    batch: plan.batch,
    learningRate: plan.rate,
    decay: 'linear',
  };
  const check = { kind: 'check', part: 'val' };
  const distil = { kind: 'distil', student: { hidden }, settings: { ...settings, alpha, temperature } };
  const finetune = {
    kind: 'finetune',
    settings: { scope, ...(tune === 'any' && { tolerance: 0, excellent: 0 }) },
  };
  const fields = {
    kind: 'prune-fields',
    ratio: fieldShare,
    method: fieldMethod,
    compensation: fieldCompensation,
  };
  return checkRecipe({
    version: 2,
    name: `${arch} pipeline`,
    arch: { id: arch, ...choicesOf(plan) },
    ...(plan.bands !== 'all' && { bands: wishOf(plan.bands) }),
    seed: plan.seed,
    split: { seed: plan.splitSeed, ...DEFAULT_FRACTIONS },
    stages: [
      { kind: 'train', settings },
      check,
      ...(hidden > 0 ? [distil, check] : []),
      ...(fieldShare > 0 ? [fields, finetune] : []),
      { kind: 'prune', ratio, method, compensation },
      finetune,
      { kind: 'quantise', layers, range },
      { kind: 'check', part: 'test' },
    ],
  });
}

/** What is chosen of a design otherwise than it is by itself. */
function choicesOf({ arch, group, head, size }: PipelinePlan): Partial<Recipe['arch']> {
  const own = ownChoices(arch);
  return {
    ...(group !== own.group && { group }),
    ...(head !== own.head && { head }),
    ...(size !== own.size && { size }),
  };
}

/** The form that stands for a recipe: the inverse of `recipeOfPipeline`; null for one that says more than the form. */
export function pipelineOf(recipe: Recipe, data: string): PipelinePlan | null {
  if (!ARCH_IDS.includes(recipe.arch.id)) return null;
  const find = <K extends StageKind>(kind: K) =>
    recipe.stages.find((stage): stage is StageOf<K> => stage.kind === kind);
  const [train, distil, prune, quantise] = [find('train'), find('distil'), find('prune'), find('quantise')];
  const [finetune, fields] = [find('finetune'), find('prune-fields')];
  const given = pipelineSchema.safeParse({
    ...DEFAULT_PIPELINE,
    data,
    ...choicesIn(recipe.arch),
    ...(recipe.bands !== undefined && { bands: String(recipe.bands) }),
    seed: recipe.seed,
    splitSeed: recipe.split.seed,
    epochs: train?.settings.epochs,
    batch: train?.settings.batch,
    rate: train?.settings.learningRate,
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
