/** Networks kept as files: read for the page, opened where they are dropped, named, removed. */
import { create } from 'zustand';
import { formatOf, MODEL_FORMAT, TASK_FORMAT } from '../../lab/files/reading';
import { plain } from '../../lab/plain';
import { provenanceIn } from '../../lab/recipe/provenance';
import { listDatasets } from '../../storage/datasets';
import { deleteNetwork, keepNetwork, listNetworks, loadNetwork, renameNetwork } from '../../storage/networks';
import { type NetworkRow, SYNTHETIC } from '../../storage/rows';
import { loadRun } from '../../storage/runs';
import { changeAdapting } from '../adapt/plan';
import type { Came } from '../page/comingIn';
import { useLab } from '../page/lab';
import { showView, useView, type View } from '../page/view';
import { beginPipeline } from '../pipeline/pipeline';
import type { Offered } from '../prune/subjects';
import { keptNet } from '../rotate/netRefs';
import { useTurning } from '../rotate/turning';
import { explain } from '../words/explain';
import { openSubject } from './session';
import { networkFile } from './training';

interface NetworksState {
  /** The newest first; null until they were read. */
  readonly rows: readonly NetworkRow[] | null;
}

export const useNetworks = create<NetworksState>()(() => ({ rows: null }));

/** Reads the kept networks anew. */
export async function refreshNetworks(): Promise<void> {
  useNetworks.setState({ rows: await listNetworks().catch(() => []) });
}

/** Keeps a network made on the page or read from a file. Throws `BadInput` where it cannot be. */
export async function keep(file: Uint8Array, name: string): Promise<NetworkRow> {
  const row = await keepNetwork(file, name);
  await refreshNetworks();
  return row;
}

export async function rename(id: string, name: string): Promise<void> {
  const short = name.trim();
  if (short) await attempt(() => renameNetwork(id, short));
}

export const remove = (id: string): Promise<void> => attempt(() => deleteNetwork(id));

async function attempt(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
  } catch (error) {
    useLab.setState({ refusal: explain(error) });
  }
  await refreshNetworks();
}

export const isNetworkFile = ({ name }: Pick<File, 'name'>): boolean =>
  /\.(safetensors|onnx|pth?)$/i.test(name);

/** Keeps the files of networks that a person dropped or chose, and opens the last where the person is; of the tasks beside, under Tasks. */
export async function openNetworkFiles(files: readonly File[]): Promise<void> {
  useLab.setState({ notice: null, refusal: null });
  for (const file of files) {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      // What belongs to no data set of tiles is at home in a view of its own.
      if (useView.getState().view === 'tasks' || formatOf(bytes) === TASK_FORMAT) {
        await (await import('./tasks')).openTaskFile(bytes, file.name);
        continue;
      }
      const format = formatOf(bytes);
      if (format !== MODEL_FORMAT) {
        const { isForeign } = await import('../../lab/files/foreign/read');
        if (isForeign(bytes)) {
          await (await import('./comingIn')).bringIn(bytes, file.name, openComer);
          continue;
        }
      }
      const row = await keep(bytes, file.name.replace(/\.safetensors$/i, ''));
      await openHere(row);
      if (row.note) add('notice', row.note);
    } catch (error) {
      add('refusal', `${plain(file.name)} was not opened. ${explain(error)}`);
    }
  }
}

/** Opens a network that was brought where the person is: a pipeline and an adapting begin with it. */
async function openHere(row: NetworkRow): Promise<void> {
  const { view } = useView.getState();
  const begins = view === 'pipeline' || view === 'adapt';
  if (begins && !row.integers) await goOn({ kind: 'kept', id: row.id }, view);
  else openKept(row, view);
}

/** Keeps a network from elsewhere, and opens it: where it cannot be pruned, or not yet, under Rotate. */
async function openComer({ name, file, unprunable, words }: Came): Promise<void> {
  const row = await keep(file, name.replace(/\.(safetensors|onnx)$/i, ''));
  if (unprunable === null) await openHere(row);
  else openKept(row, 'rotate');
  add(
    'notice',
    [`“${row.name}”: Taken in as ${words}`, ...(unprunable === null ? [] : [unprunable])].join(' '),
  );
}

/** Says one thing more above the views: of several files each has its say. */
function add(kind: 'notice' | 'refusal', more: string): void {
  useLab.setState(({ [kind]: said }) => ({ [kind]: said === null ? more : `${said} ${more}` }));
}

/** Opens a kept network in a view, and shows it; what cannot be opened there is opened under Rotate, and that is said. */
export function openKept({ id, name, integers }: NetworkRow, view: View): void {
  const at = integers || view === 'rotate' ? 'rotate' : view === 'fields' ? 'fields' : 'prune';
  if (integers && view !== 'rotate') {
    useLab.setState({
      notice: `“${name}” is rounded to 8-bit integers, which can be evaluated and not pruned any more, so it is opened here, under Rotate. To prune, open the network that it was rounded from.`,
    });
  }
  if (at === 'rotate') turnNetwork(keptNet(id));
  else openSubject({ kind: 'file', id });
  // One step, whichever view it leads to: Back leads to where the person was.
  showView(at);
}

/** Puts a network first among those that look at the tile; the last of too many gives way. */
export function turnNetwork(name: string): void {
  const others = (useTurning.getState().nets ?? []).filter((each) => each !== name);
  useTurning.setState({ nets: [name, ...others.slice(0, 1)] });
}

/** A network that can go on: one that is kept here, or one made on the page, whose file is kept when it does. */
export type NetworkAt =
  | { readonly kind: 'run'; readonly id: string; readonly stage: string | undefined; readonly name: string }
  | { readonly kind: 'kept'; readonly id: string }
  | { readonly kind: 'made'; readonly name: string; load(): Promise<Uint8Array> };

/** What a list of my networks offers, as a network that can go on. */
export function networkAt({ subject, name }: Pick<Offered, 'subject' | 'name'>): NetworkAt {
  if (subject.kind === 'file') return { kind: 'kept', id: subject.id };
  return { kind: 'run', id: subject.id!, stage: subject.kind === 'run' ? subject.stage : undefined, name };
}

/** Where a network can go on, by the views that take it. */
export const NEXT_VIEWS = ['prune', 'fields', 'adapt', 'pipeline', 'rotate'] as const;
export type NextView = (typeof NEXT_VIEWS)[number];

/** Goes on with a network in another view; trouble is said above the views. */
export async function goOn(at: NetworkAt, view: NextView): Promise<void> {
  try {
    if (view === 'pipeline') return await quantiseNext(at);
    if (view === 'adapt') {
      changeAdapting({ network: await nameOf(at) });
      showView(view);
    } else if (at.kind === 'run' && view === 'rotate') {
      turnNetwork(await nameOf(at));
      showView(view);
    } else if (at.kind === 'run') {
      openSubject({ kind: 'run', id: at.id, ...(at.stage !== undefined && { stage: at.stage }), peer: null });
      showView(view);
    } else {
      openKept(await rowAt(at), view);
    }
  } catch (error) {
    useLab.setState({ refusal: explain(error) });
  }
}

/** The pipeline begins with a network: one that a run left is kept as a file first, so that it can be found by its fingerprint. */
async function quantiseNext(at: NetworkAt): Promise<void> {
  const { id } =
    at.kind === 'run'
      ? await keep(await networkFile(at.id, at.stage ?? (await firstStage(at.id))), at.name)
      : await rowAt(at);
  const { row, model } = await loadNetwork(id);
  const origin = provenanceIn(model);
  const found = origin && (await listDatasets()).find(({ hash }) => hash === origin.data.fingerprint);
  const data = found?.id ?? (origin?.data.synthetic ? SYNTHETIC : null);
  const split = origin?.recipe.split ?? null;
  beginPipeline({ name: row.name, given: { fingerprint: id, model }, split }, data);
  showView('pipeline');
}

/** A network as a link names it. */
const nameOf = async (at: NetworkAt): Promise<string> =>
  at.kind === 'run' ? `run:${at.id}:${at.stage ?? (await firstStage(at.id))}` : keptNet((await rowAt(at)).id);

async function rowAt(at: Exclude<NetworkAt, { kind: 'run' }>): Promise<NetworkRow> {
  return at.kind === 'made' ? keep(await at.load(), at.name) : (await loadNetwork(at.id)).row;
}

const firstStage = async (run: string): Promise<string> => (await loadRun(run))?.records[0]?.name ?? 'train';
