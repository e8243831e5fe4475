/**
 * The experiment on the page: the setting shown and, of a transformer, what goes, their history for undo and redo, and what fine-tuning gave. All of it is
 * bounded, so that a page that stays open for days holds no more than one of an hour.
 */
import { create } from 'zustand';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import type { EpochRecord } from '../../lab/stage/history';
import type { Setting, Way } from '../../worker/protocol/choices';
import type { Finetuned } from '../../worker/protocol/results';
import { DEFAULT_WAY, isSameWay } from './way';

/** A fine-tuning run, by its setting; held a while, so that undo brings it back. */
export type Finetuning = {
  readonly setting: Setting;
  readonly epochs: readonly EpochRecord[];
  /** How far the running epoch is, 0 … 1. */
  readonly inEpoch: number;
  /** After the worker was restarted: the epoch it went on from. */
  readonly resumedFrom: number | null;
  /** Another tab does the work, and its epochs are shown. */
  readonly elsewhere: boolean;
  /** What is to be known of it besides. */
  readonly note: string | null;
} & (
  | { readonly status: 'queued' | 'running' }
  | { readonly status: 'done'; readonly result: Finetuned }
  | { readonly status: 'failed'; readonly message: string }
);

/** An entry of the history. */
export interface Step {
  readonly setting: Setting;
  readonly way: Way;
}

export interface ExperimentState {
  /** What is shown; moves with the pointer. */
  readonly setting: Setting;
  /** What was let go of last: with the way, the newest entry of the history. */
  readonly settled: Setting;
  /** Of a transformer; nothing to another network. */
  readonly way: Way;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly finetunings: Readonly<Record<string, Finetuning>>;
  /** What extracting gave, by `pruningKey`; null while it is measured. */
  readonly extractions: Readonly<Record<string, Extraction | null>>;
}

/** Steps that undo goes back, and redo forward. */
export const HISTORY = 100;
/**
 * Settings whose fine-tuning and extraction are held, those written last. An older one is asked for again when it is
 * settled on: the worker finds what it finished in the browser's library.
 */
export const HELD = 24;

export const DEFAULT_SETTING: Setting = { method: 'l2', compensation: 'none', removed: 0, scope: 'head' };

export const useExperiment = create<ExperimentState>()(() => ({
  setting: DEFAULT_SETTING,
  settled: DEFAULT_SETTING,
  way: DEFAULT_WAY,
  past: [],
  future: [],
  finetunings: {},
  extractions: {},
}));

const { getState, setState } = useExperiment;

/** The name of a setting: equal settings have equal names. */
export function settingKey({ method, compensation, removed, scope }: Setting): string {
  return `${method} ${compensation} ${removed} ${scope}`;
}

/** The name of what a setting prunes, whatever is fine-tuned afterwards. */
export function pruningKey({ method, compensation, removed }: Setting): string {
  return `${method} ${compensation} ${removed}`;
}

/** Shows a number of removed neurons without settling on it: every tick of a drag. */
export function preview(removed: number): void {
  setState(({ setting }) => ({ setting: { ...setting, removed } }));
}

/** Settles on what is shown, with changes: an entry of the history. */
export function settle(changes: Partial<Setting> = {}, way: Way = getState().way): void {
  setState((state) => {
    const { setting, settled, past } = state;
    const next = { ...setting, ...changes };
    if (settingKey(next) === settingKey(settled) && isSameWay(way, state.way)) return { setting: settled };
    return { ...at({ setting: next, way }), past: lengthened(past, newest(state)), future: [] };
  });
}

/** Other units of a transformer, or another ranking: nothing of them is removed yet. */
export function changeWay(changes: Partial<Way>): void {
  const { way } = getState();
  const next = { ...way, ...changes };
  if (!isSameWay(next, way)) settle({ removed: 0 }, next);
}

export function undo(): void {
  const { past, future } = getState();
  const previous = past.at(-1);
  if (previous)
    setState({ ...at(previous), past: past.slice(0, -1), future: [newest(getState()), ...future] });
}

export function redo(): void {
  const { past, future } = getState();
  const [next, ...rest] = future;
  if (next) setState({ ...at(next), past: lengthened(past, newest(getState())), future: rest });
}

/** Nothing removed, method and compensation as they are; can be undone. */
export function reset(): void {
  settle({ removed: 0 });
}

/** Starts from a setting with an empty history. */
export function beginWith(setting: Setting, way: Way = getState().way): void {
  setState({ ...at({ setting, way }), past: [], future: [] });
}

/** Changes what is known of a setting's fine-tuning. */
export function putFinetuning(finetuning: Finetuning): void {
  const key = settingKey(finetuning.setting);
  setState(({ setting, settled, finetunings: { [key]: _, ...rest } }) => ({
    finetunings: held({ ...rest, [key]: finetuning }, [setting, settled].map(settingKey), isOver),
  }));
}

/** The fine-tuning of a setting, if one was started. */
export function finetuningOf({ finetunings }: ExperimentState, setting: Setting): Finetuning | undefined {
  return finetunings[settingKey(setting)];
}

/** Notes that a setting's extraction is measured (null), what it gave, or that it is not known after all. */
export function putExtraction(setting: Setting, extraction: Extraction | null | undefined): void {
  const key = pruningKey(setting);
  setState(({ setting, settled, extractions: { [key]: _, ...rest } }) => ({
    extractions:
      extraction === undefined
        ? rest
        : held({ ...rest, [key]: extraction }, [setting, settled].map(pruningKey), (known) => known !== null),
  }));
}

const isOver = ({ status }: Finetuning): boolean => status === 'done' || status === 'failed';

const newest = ({ settled, way }: ExperimentState): Step => ({ setting: settled, way });

const lengthened = (past: readonly Step[], step: Step): Step[] => [...past, step].slice(-HISTORY);

/** What was written last of `known`, the oldest left out; what is shown stays, and what is not over. */
function held<T>(
  known: Readonly<Record<string, T>>,
  shown: readonly string[],
  isOver: (value: T) => boolean,
): Readonly<Record<string, T>> {
  const entries = Object.entries(known);
  const old = entries.slice(0, -HELD).filter(([key, value]) => isOver(value) && !shown.includes(key));
  if (old.length === 0) return known;
  const left = new Set(old.map(([key]) => key));
  return Object.fromEntries(entries.filter(([key]) => !left.has(key)));
}

const at = ({ setting, way }: Step) => ({ setting, settled: setting, way });
