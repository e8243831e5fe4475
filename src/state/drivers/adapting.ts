/** Opens the network that the Adapt view's form names, and begins and extends runs with it. */
import { create } from 'zustand';
import { projectionRefusal } from '../../lab/adapt/project';
import { BadInput } from '../../lab/errors';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { decodeAnyModel } from '../../lab/files/modelFile';
import { provenanceIn } from '../../lab/recipe/provenance';
import { listDatasets } from '../../storage/datasets';
import { loadNetwork } from '../../storage/networks';
import { type RunRow, SYNTHETIC } from '../../storage/rows';
import { loadRun } from '../../storage/runs';
import { type Catalogue, fetchBytes, fetchCatalogue } from '../../worker/thread/catalogue';
import { type Begin, useAdapting } from '../adapt/plan';
import { aimOf, projectingStages, recipeOfAdapting } from '../adapt/recipe';
import { keptIn, stageOf } from '../rotate/netRefs';
import { explain } from '../words/explain';
import { keep } from './networks';
import { extendRun, networkFile, startStages, useTraining } from './training';
import { catalogueUrl } from './workers';

type Shipped = Catalogue['models'][number];

interface ShippedState {
  /** Networks beside the page, and the plain ones of them; null until the list was read. */
  readonly all: readonly Shipped[] | null;
  readonly plain: readonly Shipped[] | null;
}

export const useShipped = create<ShippedState>()(() => ({ all: null, plain: null }));

const { setState } = useAdapting;

/** Opens the network that the form names; why it could not be stands in the form. */
export async function openNetwork(network: string): Promise<void> {
  const isWanted = () => useAdapting.getState().plan.network === network;
  setState({ begin: null, refusal: null });
  try {
    const begin = await beginOf(network);
    if (isWanted()) setState({ begin });
  } catch (error) {
    if (isWanted()) setState({ refusal: explain(error) });
  }
}

/** A network by the name that a link gives it: with its file, where it is not kept as one. */
export async function beginOf(network: string): Promise<Begin> {
  const kept = keptIn(network);
  if (kept !== null) {
    const { row, model } = await loadNetwork(kept);
    return withOrigin({ name: row.name, given: { fingerprint: kept, model }, file: null });
  }
  const { name, file } = await fileOf(network);
  const model = decodeAnyModel(file, `The network “${name}”`);
  return withOrigin({ name, given: { fingerprint: fingerprintOf(model), model }, file });
}

/** Of a network that is kept elsewhere than among the files: its name and its file. */
async function fileOf(network: string): Promise<{ name: string; file: Uint8Array }> {
  const left = stageOf(network);
  if (left) {
    const row = await loadRun(left.id);
    if (!row)
      throw new BadInput('The run that left this network is not kept in this browser: choose another.');
    return { name: nameIn(row, left.stage), file: await networkFile(left.id, left.stage) };
  }
  const url = catalogueUrl();
  const found = (await fetchCatalogue(url)).models.find(({ id }) => id === network);
  if (!found) throw new BadInput(`There is no network "${network}" beside this page: choose another.`);
  return { name: found.title, file: await fetchBytes(new URL(found.file, url).href, `“${found.title}”`) };
}

const nameIn = ({ name }: RunRow, stage: string): string => (stage === 'train' ? name : `${name}, ${stage}`);

/** What it was trained on, where its file says so and that is at hand. */
async function withOrigin(begin: Omit<Begin, 'data' | 'split'>): Promise<Begin> {
  const origin = provenanceIn(begin.given.model);
  if (!origin) return { ...begin, data: null, split: null };
  const found = (await listDatasets()).find(({ hash }) => hash === origin.data.fingerprint);
  const data = found?.id ?? (origin.data.synthetic ? SYNTHETIC : null);
  return { ...begin, data, split: origin.recipe.split };
}

/** Reads which networks lie beside the page; where that fails, none is offered. */
export async function readShipped(): Promise<void> {
  const { models } = await fetchCatalogue(catalogueUrl()).catch(() => ({ models: [] }));
  useShipped.setState({ all: models, plain: models.filter(({ role }) => role === 'plain') });
}

/** Begins what the form says; the network is kept as a file first, so that the run finds it again. */
export async function startAdapting(): Promise<void> {
  const { plan, begin } = useAdapting.getState();
  if (!begin || useTraining.getState().live) return;
  try {
    if (begin.file) await keep(begin.file, begin.name);
  } catch (error) {
    useTraining.setState({ trouble: explain(error) });
    return;
  }
  await startStages('adapting', recipeOfAdapting(plan, begin), plan.data);
}

/** Goes on with a finished run by projecting what it has adapted; why that cannot be is said, and nothing is changed. */
export async function projectRun(row: RunRow): Promise<void> {
  const stages = projectingStages(row.recipe);
  const [start] = row.recipe.start ?? [];
  if (!stages || !start) return;
  try {
    const { model } = await loadNetwork(start.fingerprint);
    const refusal = projectionRefusal(model.arch, aimOf(row.recipe)!.group);
    if (refusal !== null) throw new BadInput(refusal);
  } catch (error) {
    useTraining.setState({ trouble: explain(error) });
    return;
  }
  await extendRun(row, stages);
}
