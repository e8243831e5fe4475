/** Sweeps that are followed: what was last heard of them, from the server beside the page or from a file. */
import { create } from 'zustand';
import { messageOf } from '../../lab/errors';
import { readSweeps, type SweepAction, type SweepsDocument } from '../../lab/sweep/document';
import type { SweepStatus } from '../../lab/sweep/status';
import { newsOf } from '../../lab/sweep/words';
import { keep, recall } from '../page/kept';

export interface SweepsState {
  readonly document: SweepsDocument | null;
  /** The file it is from; null for the server. */
  readonly file: string | null;
  /** By this page's clock, in milliseconds: when it was last heard of. */
  readonly heard: number;
  /** Why nothing is heard any more; null while all is well. */
  readonly silence: string | null;
  /** Id of the sweep that is shown; null before anything is heard: the newest. */
  readonly chosen: string | null;
  /** The job whose facts are shown, by id. */
  readonly job: string | null;
  /** What is asked for and not yet answered. */
  readonly asked: SweepAction | null;
  /** Why the last wish was not taken. */
  readonly refusal: string | null;
  /** What was last said aloud. */
  readonly spoken: string;
}

const NOTHING: SweepsState = {
  ...{ document: null, file: null, heard: 0, silence: null, chosen: null, job: null },
  ...{ asked: null, refusal: null, spoken: '' },
};

export const useSweeps = create<SweepsState>()(() => NOTHING);
const { getState, setState } = useSweeps;

/** The sweep that is shown. */
export const sweepShown = ({ document, chosen }: SweepsState): SweepStatus | undefined =>
  document?.sweeps.find(({ id }) => id === chosen) ?? document?.sweeps[0];

/** What is said aloud keeps so far apart, in milliseconds; of what came between the last counts. */
const QUIET = 8000;
let spokenAt = Number.NEGATIVE_INFINITY;
let toSay: string | null = null;

function speak(words: string | null): void {
  toSay = words ?? toSay;
  if (toSay === null || performance.now() - spokenAt < QUIET) return;
  setState({ spoken: toSay });
  [spokenAt, toSay] = [performance.now(), null];
}

/** Takes in newer statuses. */
function hear(document: SweepsDocument): void {
  const before = getState();
  const was = sweepShown(before);
  // Nothing of the page is drawn anew by what says the same.
  setState({ document, heard: Date.now(), silence: null });
  const is = sweepShown(getState());
  // It stays shown when a newer one comes: nobody's press may meet another sweep than the one that was seen.
  if (is) setState({ chosen: is.id });
  const news = was && is && was.id === is.id ? newsOf(was, is) : null;
  speak(news ?? (before.silence === null ? null : 'The lab answers again.'));
}

/** Opens statuses from disk; throws `BadInput` for what is none. The server beside the page is no longer followed. */
export function openSweeps(text: string, name: string): void {
  const document = { ...readSweeps(text, name), control: false, reports: [] };
  setState({ ...NOTHING, document, file: name, heard: Date.parse(document.at) });
}

/** Back from a file to the server beside the page. */
export const leaveFile = (): void => setState(NOTHING);

export const chooseSweep = (chosen: string): void => setState({ chosen, job: null, refusal: null });
export const chooseJob = (job: string | null): void => setState({ job });
export const dismissRefusal = (): void => setState({ refusal: null });

/** Between two questions, in milliseconds; where nobody looks, and where nobody answers, longer. */
const PACE = 2000;
const UNSEEN = 15_000;
const LONGEST = 30_000;
/** An answer that takes so long does not come, in milliseconds. */
const PATIENCE = 15_000;

let askAgain: () => void = () => {};

/** Follows the server beside the page, whatever happens to it, until the returned function is called. */
export function followSweeps(): () => void {
  const ending = new AbortController();
  let failures = 0;
  let tag: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async () => {
    clearTimeout(timer);
    try {
      const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE)]);
      const response = await fetch(addressOf('sweep.json'), { cache: 'no-cache', signal });
      const text = await response.text();
      if (!response.ok) throw new Error(text.trim() || `it answers ${response.status}`);
      const own = response.headers.get('etag');
      if (own !== null && own === tag && getState().document) setState({ heard: Date.now(), silence: null });
      else hear(readSweeps(text, 'What the lab says'));
      [tag, failures] = [own, 0];
      speak(null);
    } catch (error) {
      if (ending.signal.aborted) return;
      failures++;
      if (getState().silence === null && getState().document)
        speak('Nothing is heard from the lab. It is asked again.');
      // An answer that was cut off must not be taken for the one that is held.
      tag = null;
      setState({ silence: messageOf(error) });
    }
    const pace =
      failures > 0 ? Math.min(LONGEST, PACE * 2 ** (failures - 1)) : document.hidden ? UNSEEN : PACE;
    timer = setTimeout(ask, pace);
  };
  // Whoever looks again sees at once what is.
  const look = () => {
    if (!document.hidden) void ask();
  };
  askAgain = () => void ask();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  void ask();
  return () => {
    ending.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', look);
    askAgain = () => {};
  };
}

/** Asks the server now. */
export const askNow = (): void => askAgain();

/** The address of something beside the page. */
const addressOf = (name: string): URL => new URL(name, document.baseURI);

const TOKEN = 'orbit-lab sweep control';

/** The token of the link; from then on the tab has it, and the address bar, which people copy, has not. */
export function takeToken(): void {
  const query = new URLSearchParams(location.search);
  const given = query.get('control');
  if (given === null) return;
  keep(TOKEN, given, 'sessionStorage');
  query.delete('control');
  const text = query.toString();
  history.replaceState(history.state, '', `${location.pathname}${text && `?${text}`}${location.hash}`);
}

export const hasToken = (): boolean => typeof recall(TOKEN, 'sessionStorage') === 'string';

/** Asks something of the sweep that is shown. job: that is to be tried again; without it all that failed. */
export async function wish(action: SweepAction, job?: string): Promise<void> {
  const sweep = sweepShown(getState());
  if (!sweep || getState().asked !== null) return;
  setState({ asked: action, refusal: null });
  try {
    const response = await fetch(addressOf(`sweeps/${encodeURIComponent(sweep.id)}/${action}`), {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${recall(TOKEN, 'sessionStorage')}`,
      },
      body: JSON.stringify(job === undefined ? {} : { job }),
    });
    if (!response.ok) throw new Error((await response.text()).trim());
    askNow();
  } catch (error) {
    setState({ refusal: `That was not done: ${messageOf(error)}` });
  } finally {
    setState({ asked: null });
  }
}

/** The report of the sweep that is shown, as a file: it opens as one from disk does. */
export async function reportFile(sweep: SweepStatus): Promise<File> {
  const response = await fetch(addressOf(`reports/${encodeURIComponent(sweep.id)}.json`), {
    cache: 'no-cache',
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  return new File([text], `${sweep.name}.json`, { type: 'application/json' });
}
