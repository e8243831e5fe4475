/** What an earlier visit computed of hidden neurons behind a trunk: what the trunk answered, and the curves of a seed. */
import { featuresIn, fillWith, type GrowingStudy } from '../../lab/prune/neurons/growingStudy';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import type { KeptTrunk } from '../../storage/rows';
import { Earlier, type Engine, type Opened } from './earlier';

export class EarlierTrunk {
  private readonly earlier: Earlier<KeptTrunk>;

  /** As `Earlier`. */
  constructor(
    private readonly opened: Opened,
    engine: Engine,
    code: string | null,
  ) {
    this.earlier = new Earlier(opened, engine, code, 'neuron');
  }

  /** The curves of all tiles, where they are kept and fit. */
  sheet(seed: number): Promise<Sheet | undefined> {
    return this.earlier.sheet(seed, this.opened.splits.val.length);
  }

  /** Fills the bench, and the pixels of tiles made by code, where they are kept and fit; else nothing. */
  async fill(bench: GrowingStudy): Promise<boolean> {
    const { synthetic, pixels } = this.opened.dataset;
    const filled = await this.earlier.take((kept) => {
      if (synthetic && kept.pixels?.length !== pixels.length) return null;
      if (!fillWith(bench, kept)) return null;
      if (synthetic) pixels.set(kept.pixels!);
      return true;
    });
    return filled ?? false;
  }

  /** Keeps a finished bench for the next visit. */
  async keep(bench: GrowingStudy, seed: number, sheet: Sheet): Promise<void> {
    const features = featuresIn(bench);
    if (!features) return;
    const { synthetic, pixels } = this.opened.dataset;
    await this.earlier.keep(() => ({ ...features, pixels: synthetic ? pixels : null }), seed, sheet);
  }
}
