/** A picture of the reader's own and what the networks make of it. */
import { create } from 'zustand';
import type { Classified } from '../worker/protocol';

export type TileState =
  | { readonly status: 'empty' }
  | { readonly status: 'reading'; readonly name: string }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'done'; readonly result: Classified; readonly picture: Blob };

export const useTile = create<{ readonly tile: TileState }>()(() => ({ tile: { status: 'empty' } }));
