/** What an earlier visit computed of a network that is opened now. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { once } from '../../lab/once';
import { featuresIn, fillWith, type GrowingStudy } from '../../lab/prune/neurons/growingStudy';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { BackendReport } from '../../lab/runtime/backend';
import { keepFeatures, loadFeatures, loadSheet } from '../../storage/features';
import type { Candidate } from './candidate';

type Engine = Pick<BackendReport, 'backend' | 'adapter'>;
type Opened = Pick<Candidate, 'model' | 'dataset' | 'tiles' | 'splits'>;

/**
 * Stands for everything that decides a network's features. The kernels give the same bits with any number of threads, other
 * engines not even on another adapter; `code` changes with every line of the worker and its kernels.
 */
export function featuresKey(
  { model, tiles, splits }: Opened,
  { backend, adapter }: Engine,
  code: string,
): string {
  const engine = backend === 'wasm' ? backend : `${backend} on ${adapter}`;
  const parts = [splits.train, splits.val].map((part) => part.join(','));
  const words = JSON.stringify([code, engine, fingerprintOf(model), tiles, ...parts]);
  return bytesToHex(sha256(new TextEncoder().encode(words)));
}

export class Earlier {
  /** Worked out when it is first asked for: it reads every weight. */
  private readonly key: () => string | null;
  private isFilled = false;

  /** `code`: names this version of the code; null: nothing was kept, and nothing is. */
  constructor(
    private readonly opened: Opened,
    engine: Engine,
    code: string | null,
  ) {
    this.key = once(() => (code === null ? null : featuresKey(opened, engine, code)));
  }

  /** The curves of all tiles, where they are kept and fit. */
  async loadSheet(seed: number): Promise<Sheet | undefined> {
    const key = this.key();
    const sheet = key === null ? undefined : await loadSheet(key, seed);
    const { val } = this.opened.splits;
    return sheet?.tiles === val.length && sheet.ofTiles === val.length ? sheet : undefined;
  }

  /** Fills the bench, and the pixels of tiles made by code, where they are kept and fit; else nothing. */
  async fill(bench: GrowingStudy): Promise<boolean> {
    const key = this.key();
    const kept = key === null ? undefined : await loadFeatures(key);
    const { synthetic, pixels } = this.opened.dataset;
    if (!kept || (synthetic && kept.pixels?.length !== pixels.length)) return false;
    this.isFilled = fillWith(bench, kept);
    if (this.isFilled && synthetic) pixels.set(kept.pixels!);
    return this.isFilled;
  }

  /** Keeps a finished bench for the next visit. */
  async keep(bench: GrowingStudy, seed: number, sheet: Sheet): Promise<void> {
    const features = featuresIn(bench);
    const key = this.isFilled ? null : this.key();
    if (key === null || !features) return;
    const { synthetic, pixels } = this.opened.dataset;
    await keepFeatures(key, { ...features, pixels: synthetic ? pixels : null }, seed, sheet);
  }
}
