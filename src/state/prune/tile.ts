/** A picture of the reader's own and what the networks make of it. */
import { create } from 'zustand';
import type { Classified } from '../../worker/protocol/results';

export type TileState =
  | { readonly status: 'empty' }
  | { readonly status: 'reading'; readonly name: string }
  | { readonly status: 'failed'; readonly message: string }
  | {
      readonly status: 'done';
      readonly result: Classified;
      readonly file: File;
      /** Of the picture, in pixels. */
      readonly width: number;
      readonly height: number;
      /** What was done to show it in three colours. */
      readonly notes: readonly string[];
    };

export const useTile = create<{ readonly tile: TileState }>()(() => ({ tile: { status: 'empty' } }));
