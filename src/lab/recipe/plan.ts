/**
 * What the stages of a recipe are called in its report and store, and whether they can follow each other: worked out
 * before anything runs. A name ends in what its network was made by (` of distil`), so that no two networks of a
 * recipe share one.
 */
import { BadInput } from '../errors';
import type { CriterionId } from '../prune/criteria';
import type { FieldChoice, FieldCompensation } from '../prune/fields/choice';
import type { Cascade } from '../prune/neurons/cascade';
import type { Compensation } from '../prune/neurons/compensate';
import type { PruneChoice } from '../prune/neurons/prune';
import type { Recipe, RecipeStage } from './schema';
import { leavesNetwork, studyNetworks } from './studyPlan';

type Of<Kind extends RecipeStage['kind']> = Extract<RecipeStage, { kind: Kind }>;

export interface PlannedStage {
  readonly stage: RecipeStage;
  /** What the stage's names end in: nothing for the trained network, ` of <stage>` for one made from it. */
  readonly suffix: string;
}

/** The stages in order with their names' endings. Throws `BadInput` for one that cannot follow those before it. */
export function planStages({ stages }: Pick<Recipe, 'stages'>): PlannedStage[] {
  const networks = new Set<string>();
  let [suffix, trained, integers] = ['', false, false];
  return stages.map((stage) => {
    const planned = { stage, suffix };
    if (stage.kind === 'train') {
      [suffix, trained, integers] = ['', true, false];
      networks.add('train');
    } else if (stage.kind === 'distil') {
      if (!trained) throw new BadInput('A "distil" stage needs a teacher: put a "train" stage before it.');
      const name = distilName(suffix);
      [suffix, integers] = [` of ${name}`, false];
      networks.add(name);
    } else if (stage.kind === 'quantise') {
      if (stage.from !== undefined) requireNetwork(stage, stage.from, networks);
      else if (integers) throw alreadyIntegers(stage.kind);
      // Not added to the networks: integers are the end of the line.
      [suffix, integers] = [` of ${quantiseName(stage, suffix)}`, true];
    } else if (stage.kind === 'rotate') {
      if (stage.from !== undefined) requireNetwork(stage, stage.from, networks);
    } else if (stage.kind === 'study') {
      if (integers) throw alreadyIntegers(stage.kind);
      for (const network of studyNetworks(stage, suffix).filter(leavesNetwork)) networks.add(network.name);
    } else {
      if (integers) throw alreadyIntegers(stage.kind);
      if (stage.steps && !stage.finetune) {
        throw new BadInput(
          `A "${stage.kind}" stage in ${stage.steps} steps needs fine-tuning between them: give it "finetune" settings.`,
        );
      }
      for (const { names } of cellsOf(stage, suffix)) {
        networks.add(names.prune);
        if (stage.finetune) networks.add(names.finetune);
      }
    }
    return planned;
  });
}

export type RecordKind = RecipeStage['kind'] | 'finetune';

/** A record that a recipe is going to leave: one for each stage, and two for each pruning that may be fine-tuned. */
export interface PlannedRecord {
  readonly name: string;
  readonly kind: RecordKind;
  readonly stage: RecipeStage;
  /** Of a pruning and its fine-tuning: which. */
  readonly choice?: CellChoice;
}

/** All records of a recipe in the order in which they are made. Throws as `planStages` does. */
export function plannedRecords(recipe: Pick<Recipe, 'stages'>): PlannedRecord[] {
  const all = planStages(recipe).flatMap(recordsOf);
  // A stage repeated word for word is run once: the store has it under its name.
  return all.filter(({ name }, i) => all.findIndex((each) => each.name === name) === i);
}

function recordsOf({ stage, suffix }: PlannedStage): PlannedRecord[] {
  const { kind } = stage;
  if (kind === 'train') return [{ name: 'train', kind, stage }];
  if (kind === 'distil') return [{ name: distilName(suffix), kind, stage }];
  if (kind === 'quantise') return [{ name: quantiseName(stage, suffix), kind, stage }];
  if (kind === 'rotate') return [{ name: rotateName(stage, suffix), kind, stage }];
  if (kind === 'study') return studyNetworks(stage, suffix).map(({ name }) => ({ name, kind, stage }));
  return cellsOf(stage, suffix).flatMap(({ choice, names: { prune, finetune } }) => {
    const pruned = { name: prune, kind, stage, choice };
    return stage.finetune ? [pruned, { name: finetune, kind: 'finetune', stage, choice }] : [pruned];
  });
}

export const distilName = (suffix: string): string => `distil${suffix}`;

export function quantiseName({ layers, range, from }: Of<'quantise'>, suffix: string): string {
  return `quantise ${layers} per ${range}${from === undefined ? suffix : ` of ${from}`}`;
}

export function rotateName({ split, from }: Of<'rotate'>, suffix: string): string {
  return `rotate ${split}${from === undefined ? suffix : ` of ${from}`}`;
}

/** Names of the networks that some stage takes instead of the one before it. */
export function takenByName({ stages }: Pick<Recipe, 'stages'>): ReadonlySet<string> {
  return new Set(
    stages.flatMap((stage) => ('from' in stage && stage.from !== undefined ? [stage.from] : [])),
  );
}

/** What tells the prunings of one stage apart. */
export interface CellChoice {
  readonly method: CriterionId;
  readonly compensation: Compensation | FieldCompensation;
  readonly cascade?: Cascade;
  readonly ratio: number;
}

export interface CellNames {
  readonly prune: string;
  readonly finetune: string;
}

function cellsOf(
  stage: Of<'prune'> | Of<'prune-fields'>,
  suffix: string,
): { choice: CellChoice; names: CellNames }[] {
  return stage.kind === 'prune'
    ? pruneChoices(stage, 0).map((choice) => ({ choice, names: cellNames(choice, suffix, stage.steps) }))
    : fieldCells(stage, 0, suffix).map(({ ratio, choice, names }) => ({
        choice: { ...choice, ratio },
        names,
      }));
}

export interface FieldCell {
  readonly ratio: number;
  readonly choice: FieldChoice;
  readonly names: CellNames;
}

/** Every cell of a stage that prunes fields. */
export function fieldCells(stage: Of<'prune-fields'>, seed: number, suffix: string): FieldCell[] {
  const { methods, compensations, ratios, budget, layers, steps } = stage;
  const where = layers ? ` in layers ${layers.join(',')}` : '';
  return methods.flatMap((method) =>
    compensations.flatMap((compensation) =>
      ratios.map((ratio) => {
        const target = budget ? { budget: { of: budget, share: 1 - ratio } } : { ratio };
        const of = budget ? `${budget} ` : '';
        const cell = `fields ${method} ${compensation} ${of}${percents(ratio)}${where}${stepsOf(steps)}${suffix}`;
        return {
          ratio,
          choice: { method, compensation, target, seed, ...(layers && { blocks: layers }) },
          names: { prune: `prune ${cell}`, finetune: `finetune ${cell}` },
        };
      }),
    ),
  );
}

/** Every cell of a prune stage. */
export function pruneChoices(stage: Of<'prune'>, seed: number): PruneChoice[] {
  return stage.methods.flatMap((method) =>
    stage.compensations.flatMap((compensation) =>
      (stage.cascades ?? ['aligned']).flatMap((cascade) =>
        stage.ratios.map((ratio) => ({ method, compensation, cascade, ratio, seed })),
      ),
    ),
  );
}

export function cellNames(
  { method, compensation, cascade = 'aligned', ratio }: PruneChoice,
  suffix: string,
  steps?: number,
): CellNames {
  const wrong = cascade === 'aligned' ? '' : `${cascade} `;
  const cell = `${method} ${compensation} ${wrong}${percents(ratio)}${stepsOf(steps)}${suffix}`;
  return { prune: `prune ${cell}`, finetune: `finetune ${cell}` };
}

const percents = (ratio: number): string => `${Math.round(ratio * 1000) / 10}%`;

const stepsOf = (steps: number | undefined): string => (steps ? ` in ${steps} steps` : '');

function requireNetwork({ kind }: RecipeStage, from: string, networks: ReadonlySet<string>): void {
  if (networks.has(from)) return;
  const known = networks.size === 0 ? 'none' : [...networks].join(', ');
  throw new BadInput(
    `A "${kind}" stage takes "${from}", but no stage before it leaves a network of this name (there are: ${known}).`,
  );
}

function alreadyIntegers(kind: string): BadInput {
  return new BadInput(
    `A "${kind}" stage needs a network in floats, but the stage before it leaves one in 8-bit integers: quantise last.`,
  );
}
