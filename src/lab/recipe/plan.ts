/**
 * A recipe worked out before anything runs: every step with the network that it takes, in the order in which they are
 * done, and whether they can follow each other.
 */
import { BadInput } from '../errors';
import { describe, Names } from './names';
import type { From, Recipe, RecipeStage, Rule, SplitSettings, StageOf } from './schema';
import { type FoldStep, isDrawn, isPruning, type Step, type StepKind, stepOf } from './step';
import { leavesNetwork, studyNetworks } from './studyPlan';
import { sweepCells } from './sweepPlan';

/** Where a step's network comes from. */
export type Source =
  /** One of the networks that the recipe begins with. */
  | { readonly kind: 'start'; readonly name: string }
  /** The network of an earlier step. */
  | { readonly kind: 'step'; readonly name: string }
  /** The network of a sweep or study that a rule chooses, once they are all there. */
  | { readonly kind: 'rule'; readonly rule: Rule };

/** A step that a recipe is going to do, and the record that it leaves. */
export interface Planned {
  /** Unlike any other's of the recipe. */
  readonly name: string;
  readonly kind: StepKind;
  readonly step: Step;
  /** The network it takes; null for a training, and for a fresh network of the recipe's design. */
  readonly input: Source | null;
  /** Of a fine-tuning: the network whose accuracy it is to reach, and which teaches. */
  readonly towards: Source | null;
  readonly leaves: 'floats' | 'integers' | 'nothing';
  readonly seed: number;
  readonly split: SplitSettings;
  /** The sweep or study that it is part of, by name. */
  readonly group: string | null;
  /** The stage that says so, and its place in the recipe. */
  readonly stage: RecipeStage;
  readonly at: number;
}

/** What is known of a recipe up to a stage. */
interface State {
  readonly planned: Planned[];
  readonly names: Names;
  /** Networks that can be named. */
  readonly networks: Map<string, { readonly source: Source; readonly integers: boolean }>;
  /** The network that each sweep and study took. */
  readonly groups: Map<string, Source | null>;
  /** null: none yet; undefined: many. */
  atHand: Source | null | undefined;
}

type Parts = Pick<Recipe, 'stages' | 'seed' | 'split' | 'start'>;

/** Every step of a recipe, in order. Throws `BadInput` for a stage that cannot follow those before it. */
export function planRecipe(recipe: Parts): Planned[] {
  const state: State = {
    planned: [],
    names: new Names(),
    networks: new Map(),
    groups: new Map(),
    atHand: null,
  };
  for (const { name } of recipe.start ?? []) {
    const source = { kind: 'start' as const, name: nameFor(state, name, name, null) };
    state.networks.set(name, { source, integers: false });
    state.atHand ??= source;
  }
  for (const [at, stage] of recipe.stages.entries()) {
    const input = inputOf(state, stage);
    if (stage.kind === 'sweep') planSweep(state, recipe, stage, at, input);
    else if (stage.kind === 'study') planStudy(state, recipe, stage, at, input);
    else {
      if (stage.kind === 'adapt') planFolds(state, recipe, stage, at, input);
      planStep(state, recipe, stage, at, input);
    }
  }
  return state.planned;
}

function planStep(
  state: State,
  recipe: Parts,
  stage: Exclude<RecipeStage, { kind: 'sweep' | 'study' }>,
  at: number,
  input: Source | null,
): void {
  const step = stepOf(stage);
  const towards = stage.kind === 'finetune' ? towardsOf(state, stage, input) : null;
  const name = nameFor(state, stage.name, describe(step), input);
  add(state, recipe, { name, step, input, towards, group: null, stage, at });
  if (step.kind !== 'check') state.atHand = { kind: 'step', name };
}

/** The folds in front of an `adapt` that chooses its λ by them. */
function planFolds(
  state: State,
  recipe: Parts,
  stage: StageOf<'adapt'>,
  at: number,
  input: Source | null,
): void {
  const { lambda: sweep, ...how } = stage;
  if (typeof sweep === 'number') return;
  const { name: _, from: __, seed: ___, split: ____, ...own } = how;
  for (const lambda of new Set(sweep.values)) {
    for (let fold = 0; fold < sweep.folds; fold++) {
      const step: FoldStep = { ...own, kind: 'adapt-fold', lambda, fold, folds: sweep.folds };
      const name = nameFor(state, undefined, describe(step), input);
      add(state, recipe, { name, step, input, towards: null, group: foldsOf(at), stage, at }, false);
    }
  }
}

/** What the folds of the adapting in the stage `at` are kept together by; no stage can be called so. */
export const foldsOf = (at: number): string => `/folds of stage ${at + 1}`;

function planSweep(
  state: State,
  recipe: Parts,
  stage: StageOf<'sweep'>,
  at: number,
  input: Source | null,
): void {
  const group = nameFor(state, stage.name, stage.kind, input);
  const common = { group, stage, at };
  for (const { pruning, finetune } of sweepCells(stage)) {
    const name = nameFor(state, undefined, describe(pruning), input);
    add(state, recipe, { ...common, name, step: pruning, input, towards: null });
    if (!finetune) continue;
    const tuned = nameFor(state, undefined, name.replace('prune', 'finetune'), input);
    const source: Source = { kind: 'step', name };
    add(state, recipe, { ...common, name: tuned, step: finetune, input: source, towards: input });
  }
  leaveMany(state, group, input);
}

function planStudy(
  state: State,
  recipe: Parts,
  stage: StageOf<'study'>,
  at: number,
  input: Source | null,
): void {
  const group = nameFor(state, stage.name, stage.kind, input);
  for (const network of studyNetworks(stage)) {
    const { cell, tuning } = network;
    const tuned = tuning === 'network' ? stage.network!.settings : stage.head;
    const step: Step = { kind: 'study', cell, tuning, settings: tuning === 'none' ? null : tuned };
    const name = nameFor(state, undefined, describe(step), input);
    add(state, recipe, { name, step, input, towards: null, group, stage, at }, leavesNetwork(network));
  }
  leaveMany(state, group, input);
}

function leaveMany(state: State, group: string, input: Source | null): void {
  state.groups.set(group, input);
  state.atHand = undefined;
}

function add(
  { planned, networks }: State,
  recipe: Parts,
  given: Omit<Planned, 'kind' | 'leaves' | 'seed' | 'split'>,
  leavesOne: boolean = given.step.kind !== 'check',
): void {
  const { step, stage, name } = given;
  const integers = step.kind === 'quantise';
  const { seed = recipe.seed } = stage as { readonly seed?: number };
  planned.push({
    ...given,
    kind: step.kind,
    leaves: !leavesOne ? 'nothing' : integers ? 'integers' : 'floats',
    seed: isDrawn(step) ? seed : 0,
    split: stage.split ?? recipe.split,
  });
  if (leavesOne) networks.set(name, { source: { kind: 'step', name }, integers });
}

function nameFor(
  { names }: State,
  given: string | undefined,
  described: string,
  input: Source | null,
): string {
  if (given !== undefined && !names.isFree(given)) {
    throw new BadInput(`Two stages of this recipe are called "${given}": give one of them another name.`);
  }
  return names.give(given ?? described, input && input.kind !== 'rule' ? input.name : null);
}

const NEEDS_TRAINED: ReadonlySet<RecipeStage['kind']> = new Set([
  ...(['continue', 'distil', 'finetune', 'adapt', 'project'] as const),
]);

/** The network that a stage takes. */
function inputOf(state: State, stage: RecipeStage): Source | null {
  const { kind } = stage;
  if (kind === 'train') return null;
  if (stage.from === undefined && state.atHand === undefined) {
    throw new BadInput(
      `A "${kind}" stage follows one that leaves many networks: say with "from" which of them goes on, by its name or ` +
        'by a rule.',
    );
  }
  const input = stage.from === undefined ? state.atHand! : sourceNamed(state, kind, stage.from);
  if (input === null && NEEDS_TRAINED.has(kind)) {
    const wanted = kind === 'distil' ? 'a teacher' : 'a network';
    throw new BadInput(`A "${kind}" stage needs ${wanted}: put a "train" stage before it.`);
  }
  const integers = input !== null && input.kind !== 'rule' && state.networks.get(input.name)!.integers;
  if (integers && kind !== 'check') {
    throw new BadInput(
      `A "${kind}" stage needs a network in floats, but it takes one in 8-bit integers: quantise last.`,
    );
  }
  return input;
}

function sourceNamed({ networks, groups }: State, kind: string, from: From): Source {
  const list = (known: Iterable<string>) => [...known].join(', ') || 'none';
  if (typeof from === 'object') {
    if (groups.has(from.of)) return { kind: 'rule', rule: from };
    throw new BadInput(
      `A "${kind}" stage chooses from "${from.of}", but no sweep or study before it is called that (there are: ` +
        `${list(groups.keys())}).`,
    );
  }
  const found = networks.get(from);
  if (found) return found.source;
  throw new BadInput(
    `A "${kind}" stage takes "${from}", but no stage before it leaves a network of this name (there are: ` +
      `${list(networks.keys())}).`,
  );
}

/** What a fine-tuning is to reach: the network it names, or the one in front of the prunings just before it. */
function towardsOf(state: State, stage: StageOf<'finetune'>, input: Source | null): Source | null {
  if (stage.towards !== undefined) return sourceNamed(state, stage.kind, stage.towards);
  if (input?.kind === 'rule') return state.groups.get(input.rule.of)!;
  const made = input?.kind === 'step' && state.planned.find(({ name }) => name === input.name);
  return made && isPruning(made.step) ? towardsOf(state, stage, made.input) : input;
}

/** What a rule chooses from: the networks of a sweep or study, fine-tuned where it fine-tunes. */
export function choicesOf(planned: readonly Planned[], { of }: Rule): Planned[] {
  const all = planned.filter(({ group, leaves }) => group === of && leaves !== 'nothing');
  const further = new Set(all.map(({ input }) => (input?.kind === 'step' ? input.name : null)));
  return all.filter(({ name }) => !further.has(name));
}
