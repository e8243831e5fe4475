/** What the worker is doing and on what: the engine, the opened pair, progress, trouble. */
import { create } from 'zustand';
import type { BackendReport } from '../../lab/runtime/backend';
import type { BackendPreference, Subject } from '../../worker/protocol/choices';
import type { Opened } from '../../worker/protocol/results';
import type { Probe } from './engine';

export interface Trouble {
  /** What happened, what was kept, what to do. */
  readonly message: string;
  readonly detail: string | null;
}

export interface Progress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

export interface LabState {
  /** `alive`: the first curves are there, more tiles are coming. */
  readonly status: 'opening' | 'alive' | 'ready' | 'failed';
  readonly preference: BackendPreference;
  readonly backend: BackendReport | null;
  /** What was measured of the engines; null: nothing was looked at yet. */
  readonly probe: Probe | null;
  /** What is to be opened; `opened` follows. */
  readonly subject: Subject;
  readonly seed: number;
  readonly opened: Opened | null;
  readonly progress: Progress | null;
  /** Worth knowing, nothing to do. */
  readonly notice: string | null;
  /** What was asked for and could not be done; the rest of the page goes on. */
  readonly refusal: string | null;
  /** Why nothing is open. */
  readonly trouble: Trouble | null;
}

export const useLab = create<LabState>()(() => ({
  status: 'opening',
  preference: 'auto',
  backend: null,
  probe: null,
  subject: { kind: 'pair', id: null },
  seed: 1,
  opened: null,
  progress: null,
  notice: null,
  refusal: null,
  trouble: null,
}));
