/** What the networks on the Rotate view look at, and what they answered. */
import { create } from 'zustand';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import type { Square } from '../../lab/pictures/cut';
import type { RunRow } from '../../storage/rows';
import type { Looked, LookedNet, NetChoice } from '../../worker/protocol/results';
import type { ShownPicture } from './pictures';
import { NO_SWEEP, type Row, type Sweep } from './sweep';
import type { Part } from './turning';

/** The field whose maps are shown. */
export interface FieldChoice {
  readonly net: number;
  readonly block: number;
  /** null: the one that responds most. */
  readonly field: number | null;
}

/** What the networks look at, once they do. */
export interface Look extends Looked {
  /** Equal keys, equal looks. */
  readonly key: string;
  /** The networks as the link names them. */
  readonly names: readonly string[];
  readonly shown: ShownPicture;
  readonly part: Part;
  readonly square: Square;
}

export interface LookingState {
  readonly choices: readonly NetChoice[] | null;
  readonly runs: readonly RunRow[];
  readonly look: Look | null;
  /** What is being done that takes more than a moment. */
  readonly busy: string | null;
  /** At the angle asked for last. */
  readonly present: { readonly degrees: number; readonly row: Row } | null;
  /** By the places of SWEEP. */
  readonly sweep: Sweep;
  readonly choice: FieldChoice;
  readonly fields: FieldMaps | null;
  readonly trouble: string | null;
  readonly notice: string | null;
}

export const useLooking = create<LookingState>()(() => ({
  choices: null,
  runs: [],
  look: null,
  busy: null,
  present: null,
  sweep: NO_SWEEP,
  choice: { net: 0, block: 0, field: null },
  fields: null,
  trouble: null,
  notice: null,
}));

/** Whether a network can map scenes: one for grey tiles cannot; one of bands can where it found them in the picture. */
export const canMap = (net: LookedNet): net is Extract<LookedNet, { problem: null }> =>
  net.problem === null && (net.channels === 3 || net.bands !== undefined);
