/**
 * A recipe that goes on from networks at hand. Where their files say how they were made, on the same tiles, the recipe
 * begins there, so that it makes everything again from nothing; else it begins with the networks themselves.
 */
import type { Dataset } from '../data/dataset';
import { DEFAULT_FRACTIONS } from '../data/split/splits';
import { datasetHash } from '../data/tiles';
import { familyOf } from '../families/registry';
import { requireHidden, unitRefusal } from '../families/units';
import { fingerprintOf } from '../files/fingerprint';
import type { AnyModel } from '../nn/model';
import type { Stage } from '../stage/events';
import { memoryStore, type RunStore, type StageRecord } from '../stage/store';
import { runRecipe } from './pipeline';
import { planRecipe } from './plan';
import { type Given, type Prepared, prepare } from './prepare';
import { type Provenance, provenanceIn } from './provenance';
import { idsOf } from './run';
import { checkRecipe, type Recipe } from './schema';

/** A network at hand, and what to call it. */
export interface AtHand {
  readonly model: AnyModel;
  readonly title: string;
}

/** What a recipe that goes on begins with. */
export interface Beginning {
  /** Its stages may be none. */
  readonly recipe: Omit<Recipe, 'stages'> & { readonly stages: Recipe['stages'] };
  /** What the networks at hand are called in it, in their order. */
  readonly names: readonly string[];
  readonly given: readonly Given[];
  /** Steps that are not to be done again, with the networks that are there. */
  readonly known: readonly { readonly record: StageRecord; readonly model?: AnyModel }[];
}

/** Begins with networks: the first is at hand, further ones can be named. */
export function beginWith(networks: readonly AtHand[], source: Dataset): Beginning {
  return fromOrigin(networks, source) ?? fromNetworks(networks);
}

/** The beginning that the first network's file tells, where all others are networks on its way. */
function fromOrigin(networks: readonly AtHand[], source: Dataset): Beginning | null {
  const origin = provenanceIn(networks[0].model);
  if (!origin || origin.recipe.start || origin.data.fingerprint !== datasetHash(source)) return null;
  const prepared = prepare(origin.recipe, source);
  const ids = idsOf(prepared, origin.data.fingerprint);
  const models = new Map(networks.map(({ model }) => [provenanceIn(model)?.id, model]));
  const known = prepared.planned.map(({ name }) => {
    const id = ids.get(name)!;
    return { record: recordIn(origin, id, name), model: models.get(id) };
  });
  const names = networks.map(({ model }) => {
    const id = provenanceIn(model)?.id;
    return [...ids].find(([, each]) => each === id)?.[0];
  });
  const isWhole = known.every(({ record }) => record) && names.every((name) => name !== undefined);
  if (!isWhole || names[0] !== prepared.planned.at(-1)!.name) return null;
  return { recipe: origin.recipe, names: names as string[], given: [], known: known as Beginning['known'] };
}

/** A step's record as far as a file tells it. */
function recordIn({ steps }: Provenance, id: string, name: string): StageRecord | undefined {
  const found = steps.find((step) => step.id === id);
  if (!found) return undefined;
  const figures = {
    accuracy: Number.NaN,
    params: Number.NaN,
    macs: Number.NaN,
    bytes: Number.NaN,
    seconds: 0,
  };
  return { ...figures, ...found, id, name };
}

function fromNetworks(networks: readonly AtHand[]): Beginning {
  const given = networks.map(({ model }) => ({ model, fingerprint: fingerprintOf(model) }));
  const names = networks.map((_, i) => (i === 0 ? 'network' : `network ${i + 1}`));
  const [{ model }] = networks;
  const start = networks.map(({ title }, i) => ({
    name: names[i],
    title: title.slice(0, 200),
    fingerprint: given[i].fingerprint,
  }));
  const recipe = {
    version: 2 as const,
    name: `${model.arch.id} continued`.slice(0, 100),
    arch: designOf(model),
    seed: 1,
    split: splitIn(model),
    start,
    stages: [],
  };
  return { recipe, names, given, known: [] };
}

/** The design of a network as a recipe says it. */
function designOf(model: AnyModel): Recipe['arch'] {
  const { id, group, input } = model.arch;
  if (unitRefusal(model.arch, 'neuron') !== null) {
    const hasGroup = familyOf(model.arch).choices.includes('group');
    return { id, size: input.size, ...(hasGroup && { group }) };
  }
  const { kind, hidden, dropout } = requireHidden(model).arch.head;
  return { id, size: input.size, group, head: kind, hidden, dropout };
}

/** The split that a network was trained on, as far as its file tells it: its test tiles are to stay unseen. */
function splitIn(model: AnyModel): Recipe['split'] {
  return provenanceIn(model)?.recipe.split ?? { seed: 1, ...DEFAULT_FRACTIONS };
}

/** The whole recipe of a beginning with further stages. Throws `BadInput` for stages that are none. */
export const continueRecipe = ({ recipe }: Beginning, stages: readonly object[]): Recipe =>
  checkRecipe({ ...recipe, stages: [...recipe.stages, ...stages] });

export interface Continued {
  readonly prepared: Prepared;
  /** The records of the new stages, in order, and the network of the last one that leaves any. */
  readonly records: readonly StageRecord[];
  readonly model: AnyModel | null;
}

/**
 * Does further stages on networks at hand. `store`: keeps what they leave; what is known already is put there first.
 * `data`: `datasetHash` of the tiles, where it is known. Throws `BadInput` where the stages cannot follow.
 */
export async function* continueWith(
  beginning: Beginning,
  stages: readonly object[],
  source: Dataset,
  store: RunStore = memoryStore(),
  data?: string,
): Stage<Continued> {
  const { recipe, given, known } = beginning;
  const whole = continueRecipe(beginning, stages);
  const prepared = prepare(whole, source, given);
  for (const { record, model } of known) {
    if (!(await store.loadStage(record.id!))) await store.saveStage(record, model);
  }
  const report = yield* runRecipe(prepared, store, data);
  const records = report.stages.slice(planRecipe({ ...whole, stages: recipe.stages }).length);
  const last = records.findLast(({ kind }) => kind !== 'check');
  const kept = last && (await store.loadStage(last.id!));
  return { prepared, records, model: kept?.model ?? null };
}
