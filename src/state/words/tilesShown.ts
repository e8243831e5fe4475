/** Which tiles the view in sight is about, for the mark at the top of the page: synthetic ones are never taken for real. */
import { type DatasetFacts, SYNTHETIC } from '../../storage/rows';
import type { View } from '../page/view';
import type { BroughtPicture } from '../rotate/pictures';

export interface TilesShown {
  readonly title: string;
  /** Painted by code. */
  readonly synthetic: boolean;
}

/** What the stores hold of it. */
export interface TilesKnown {
  readonly view: View;
  /** Of the networks on the bench. */
  readonly opened: (TilesShown & { readonly size: number }) | null;
  readonly picture: Pick<BroughtPicture, 'name' | 'synthetic' | 'dataset'> | null;
  /** The data set chosen in the view's form, or looked at. */
  readonly chosen: string | null;
  /** Those kept in this browser; null until they were read. */
  readonly kept: readonly Pick<DatasetFacts, 'id' | 'title' | 'synthetic'>[] | null;
}

const PAINTED: TilesShown = { title: 'Synthetic tiles (made by code)', synthetic: true };

/** null: nothing that one could be mistaken about. */
export function tilesShown({ view, opened, picture, chosen, kept }: TilesKnown): TilesShown | null {
  const bench = opened && {
    title: `${opened.title}, ${opened.size}×${opened.size}`,
    synthetic: opened.synthetic,
  };
  switch (view) {
    case 'rotate':
      return picture
        ? { title: picture.dataset?.title ?? picture.name, synthetic: picture.synthetic }
        : bench;
    case 'train':
    case 'pipeline':
    case 'adapt':
    case 'data': {
      if (chosen === null || chosen === SYNTHETIC) return PAINTED;
      return kept?.find(({ id }) => id === chosen) ?? null;
    }
    case 'tasks':
      return { title: 'Flows and scenes made by code', synthetic: true };
    case 'paper':
      return null;
    default:
      return bench;
  }
}
