/** Networks kept as files: read for the page, opened where they are dropped, named, removed. */
import { create } from 'zustand';
import {
  deleteNetwork,
  keepNetwork,
  listNetworks,
  loadNetworkFile,
  renameNetwork,
} from '../../storage/networks';
import type { NetworkRow } from '../../storage/rows';
import { useLab } from '../page/lab';
import { showView, useView, type View } from '../page/view';
import { keptNet } from '../rotate/netRefs';
import { useTurning } from '../rotate/turning';
import { explain } from '../words/explain';
import { openSubject } from './session';

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

export const keptFile = loadNetworkFile;

async function attempt(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
  } catch (error) {
    useLab.setState({ notice: explain(error) });
  }
  await refreshNetworks();
}

export const isNetworkFile = ({ name }: Pick<File, 'name'>): boolean => /\.safetensors$/i.test(name);

/** Keeps the files of networks that a person dropped or chose, and opens the last where the person is. */
export async function openNetworkFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      openKept(await keep(bytes, file.name.replace(/\.safetensors$/i, '')), useView.getState().view);
    } catch (error) {
      useLab.setState({ notice: `${file.name} was not opened. ${explain(error)}` });
    }
  }
}

/** Opens a kept network in a view; what cannot be opened there is opened under Rotate, and that is said. */
export function openKept({ id, name, integers }: NetworkRow, view: View): void {
  if (integers && view !== 'rotate') {
    useLab.setState({
      notice: `“${name}” is rounded to 8-bit integers, which can be evaluated and not pruned any more, so it is opened here, under Rotate. To prune, open the network that it was rounded from.`,
    });
    showView('rotate');
    turnNetwork(keptNet(id));
  } else if (view === 'rotate') turnNetwork(keptNet(id));
  else {
    openSubject({ kind: 'file', id });
    if (view !== 'prune' && view !== 'fields') showView('prune');
  }
}

/** Puts a network first among those that look at the tile; the last of too many gives way. */
export function turnNetwork(name: string): void {
  const others = (useTurning.getState().nets ?? []).filter((each) => each !== name);
  useTurning.setState({ nets: [name, ...others.slice(0, 1)] });
}
