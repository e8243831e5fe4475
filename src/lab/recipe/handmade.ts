/**
 * The origin of a network that was made by hand, outside a recipe (on the Prune and Fields views): what was done, as the
 * stages of a recipe that makes exactly this network, after those that made the network it was made from.
 */
import type { Dataset } from '../data/dataset';
import { datasetHash } from '../data/tiles';
import type { ArchSpec } from '../families/gcnn/arch';
import type { BlockChoice } from '../prune/blocks/prune';
import type { FilterChoice } from '../prune/filters/choice';
import type { PruneChoice } from '../prune/neurons/prune';
import type { TrunkChoice, Tuning } from '../prune/trunk/choice';
import type { PrunedTrunk, TunedTrunk } from '../prune/trunk/trunk';
import { STOPPED } from '../prune/tuning/keptTuning';
import { removedUnits } from '../prune/units/units';
import type { EpochRecord } from '../stage/history';
import type { FinetuneSettings } from '../train/settings';
import { type AtHand, beginWith, continueRecipe } from './beginning';
import { chainOf } from './chain';
import { canonical } from './identity';
import { dataOf, engineHere, shortened } from './origin';
import { planRecipe } from './plan';
import { prepare } from './prepare';
import { type Provenance, provenanceIn } from './provenance';
import { idsOf } from './run';
import type { SplitSettings } from './schema';

/** Something that was done by hand: as a stage of a recipe, its seed included, and what was measured. */
export interface HandStep {
  readonly stage: { readonly kind: string; readonly seed?: number } & Readonly<Record<string, unknown>>;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** What was worked on by hand. */
export interface Ground {
  readonly from: AtHand;
  /** As a recipe is given it. */
  readonly source: Dataset;
  readonly split: SplitSettings;
}

/**
 * The origin of what some steps by hand left of a network. Fine-tuning is towards that network. Throws `BadInput` for
 * steps that no recipe can say.
 */
export function originByHand(
  { from, source, split }: Ground,
  steps: readonly HandStep[],
): Provenance & { readonly dataset: string } {
  const known = beginWith([from], source);
  // A network that is given has no split of its own in the recipe.
  const beginning = known.given.length > 0 ? { ...known, recipe: { ...known.recipe, split } } : known;
  const isOther = canonical(split) !== canonical(beginning.recipe.split);
  const stages = steps.map(({ stage: { seed, ...stage } }) => ({
    ...stage,
    ...(seed !== undefined && seed !== beginning.recipe.seed && { seed }),
    ...(stage.kind === 'finetune' && { towards: beginning.names[0] }),
    ...(isOther && { split }),
  }));
  const whole = continueRecipe(beginning, stages);
  const recipe = chainOf(whole, planRecipe(whole).at(-1)!.name);
  const prepared = prepare(recipe, source, beginning.given);
  const data = datasetHash(source);
  const ids = idsOf(prepared, data);
  const made = prepared.planned.slice(-steps.length).map(({ name, kind }, i) => ({
    ...shortened(steps[i].figures),
    ...{ name, kind, id: ids.get(name)! },
  }));
  return {
    version: 2,
    id: made.at(-1)!.id,
    recipe,
    data: dataOf(source, prepared.splits, data),
    steps: [...(provenanceIn(from.model)?.steps ?? []), ...made],
    ...engineHere(),
    dataset: source.title,
    synthetic: source.synthetic,
  };
}

/** Hidden neurons removed. */
export function neuronStep(
  { method, compensation, ratio, seed }: PruneChoice,
  figures: HandStep['figures'],
): HandStep {
  const choice = { method, compensation, ratio };
  return { stage: { kind: 'prune', ...choice, seed }, figures: { ...choice, ...figures } };
}

/** Units inside the blocks of a transformer removed. */
export function blockStep(
  { unit: units, ranking, method, compensation, ratio, seed }: BlockChoice,
  figures: HandStep['figures'],
): HandStep {
  const choice = { units, ratio, ranking, method, compensation };
  return { stage: { kind: 'prune-blocks', ...choice, seed }, figures: { ...choice, ...figures } };
}

/** Filters of a network from elsewhere removed. */
export function filterStep(
  { method, compensation, ratio, seed }: FilterChoice,
  figures: HandStep['figures'],
): HandStep {
  const choice = { ratio, method, compensation };
  return { stage: { kind: 'prune-filters', ...choice, seed }, figures: { ...choice, ...figures } };
}

/** What a fine-tuning came to. */
interface Tuned {
  readonly baseline: number;
  readonly start: number;
  readonly accuracy: number;
  readonly epochs: readonly EpochRecord[];
  readonly stop: string | null;
}

/** A fine-tuning; one that was stopped by hand is one of as many epochs as ran, and none where none had ended. */
export function tuningSteps(settings: FinetuneSettings, seed: number, tuned: Tuned): HandStep[] {
  const { baseline, start, accuracy, epochs, stop } = tuned;
  const isStopped = stop === STOPPED;
  if (isStopped && epochs.length === 0) return [];
  const ran = isStopped ? { ...settings, epochs: epochs.length } : settings;
  return [
    {
      stage: { kind: 'finetune', settings: ran, seed },
      figures: {
        ...{ baseline, start, accuracy, stop, scope: settings.scope },
        epochs,
        triggered: epochs.length > 0,
      },
    },
  ];
}

/**
 * What was done to a trunk. null where no recipe does exactly the same: stopped between steps, or a budget that was
 * measured (or does not come out to the last digit) in each of several steps.
 */
export function trunkSteps(
  choice: Exclude<TrunkChoice, { units: 'channels' }>,
  arch: ArchSpec,
  result: PrunedTrunk & Partial<Pick<TunedTrunk['result'], 'tuned'>>,
  tuning: (Pick<Tuning, 'steps'> & { readonly settings: FinetuneSettings; readonly seed: number }) | null,
): HandStep[] | null {
  const { tuned, after } = result;
  if (tuned?.stoppedIn !== undefined) return null;
  const count = choice.units === 'fields' ? (tuning?.steps ?? 1) : 1;
  const stage = choice.units === 'orbits' ? orbitStage(choice) : fieldStage(choice, arch, result, count);
  if (!stage) return null;
  const steps = tuning && count > 1 ? { steps: { count, finetune: tuning.settings } } : {};
  const { turned, errors: equivarianceError, ...agreement } = after;
  const measured = { accuracy: turned[0], turned, ...agreement, equivarianceError };
  const pruned = {
    stage: { ...stage, ...steps },
    figures: tuned
      ? { accuracy: tuned.start, baseline: tuned.baseline, ...(count > 1 && { rounds: tuned.rounds }) }
      : { ...measured, baseline: result.before.turned[0] },
  };
  if (!tuned || !tuning) return [pruned];
  return [
    pruned,
    ...tuningSteps(tuning.settings, tuning.seed, tuned).map(({ stage, figures }) => ({
      stage,
      figures: { ...figures, ...measured },
    })),
  ];
}

function orbitStage({ block, target }: Extract<TrunkChoice, { units: 'orbits' }>): HandStep['stage'] {
  if (target === 'ring') return { kind: 'prune-orbits', layer: block, target };
  const { seed, ...share } = target;
  return { kind: 'prune-orbits', layer: block, target: share, seed };
}

function fieldStage(
  { method, compensation, target, blocks, seed }: Extract<TrunkChoice, { units: 'fields' }>,
  { blocks: whole }: ArchSpec,
  { gone }: Pick<PrunedTrunk, 'gone'>,
  count: number,
): HandStep['stage'] | null {
  const common = { kind: 'prune-fields', method, compensation, seed };
  const layers = blocks && { layers: blocks };
  if ('ratio' in target) return { ...common, ...layers, ratio: target.ratio };
  const { of, share } = target.budget;
  const ratio = 1 - share;
  // A recipe says what goes, and 1 − (1 − share) is not always the share to the last digit.
  if (of !== 'latency' && 1 - ratio === share) return { ...common, ...layers, ratio, budget: of };
  if (count > 1 || !gone) return null;
  const kept = gone.map((fields, i) => Array.from(removedUnits(fields, whole[i].fields)));
  return { ...common, ratio, kept };
}
