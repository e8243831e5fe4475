/** What an earlier visit computed of a network that is opened now: what it answered to its tiles, and curves. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { SliderUnit } from '../../lab/families/units';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { once } from '../../lab/once';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { BackendReport } from '../../lab/runtime/backend';
import { keepFeatures, loadFeatures, loadSheet } from '../../storage/features';
import type { KeptFeatures, SheetName } from '../../storage/rows';
import type { Candidate } from './candidate';

export type Engine = Pick<BackendReport, 'backend' | 'adapter'>;
export type Opened = Pick<Candidate, 'model' | 'dataset' | 'tiles' | 'splits'>;

/** Its numbers are the same wherever it runs. */
export const WASM: Engine = { backend: 'wasm', adapter: '' };

/**
 * Stands for everything that decides a network's features. The kernels give the same bits with any number of threads, other
 * engines not even on another adapter; `code` changes with every line of the worker and its kernels.
 */
export function featuresKey(
  { model, tiles, splits }: Opened,
  { backend, adapter }: Engine,
  code: string,
  unit: SliderUnit,
): string {
  const engine = backend === 'wasm' ? backend : `${backend} on ${adapter}`;
  const parts = [splits.train, splits.val].map((part) => part.join(','));
  const words = JSON.stringify([code, engine, fingerprintOf(model), tiles, unit, ...parts]);
  return bytesToHex(sha256(new TextEncoder().encode(words)));
}

/** `Answers`: what is kept of the units it is made for. */
export class Earlier<Answers extends KeptFeatures> {
  /** Worked out when it is first asked for: it reads every weight. */
  private readonly key: () => string | null;
  /** Whether what the network answered is kept as it is. */
  private hasAnswers = false;

  /** `code`: names this version of the code; null: nothing was kept, and nothing is. */
  constructor(
    private readonly opened: Opened,
    engine: Engine,
    code: string | null,
    unit: SliderUnit,
  ) {
    this.key = once(() => (code === null ? null : featuresKey(opened, engine, code, unit)));
  }

  /** Curves on so many validation tiles, where they are kept and fit. */
  async sheet(name: SheetName, tiles: number): Promise<Sheet | undefined> {
    const key = this.key();
    const sheet = key === null ? undefined : await loadSheet(key, name);
    const { val } = this.opened.splits;
    return sheet?.tiles === tiles && sheet.ofTiles === val.length ? sheet : undefined;
  }

  /** What `take` makes of the answers that are kept; null where there are none, or it finds that they do not fit. */
  async take<T>(take: (answers: Answers) => T | null): Promise<T | null> {
    const key = this.key();
    const kept = key === null ? undefined : await loadFeatures<Answers>(key);
    const taken = kept ? take(kept) : null;
    this.hasAnswers = taken !== null;
    return taken;
  }

  /** Keeps curves for the next visit, and the answers, where they are not kept already. */
  async keep(answers: () => Answers, name: SheetName, sheet: Sheet): Promise<void> {
    const key = this.key();
    if (key === null) return;
    const given = this.hasAnswers ? null : answers();
    this.hasAnswers = true;
    const isKept = await keepFeatures(key, given, name, sheet);
    if (!isKept && given) this.hasAnswers = false;
  }
}
