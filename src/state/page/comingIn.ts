/** A network from elsewhere on its way in: what has to be told of it, and what was found before it is kept. */
import { create } from 'zustand';
import type { LayerFound } from '../../lab/files/foreign/found';
import type { TriedOut } from '../../worker/protocol/results';

/** What is told of it, as it is written. */
export interface ToldText {
  readonly size: string;
  readonly mean: string;
  readonly std: string;
  readonly classes: string;
  readonly layers: string;
}

export interface Asked {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What is missing, or does not fit: a sentence. */
  readonly problem: string;
}

/** A network that was read, and is not kept yet. */
export interface Came {
  /** Of its file, and its bytes. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** As a file of the lab. */
  readonly file: Uint8Array;
  /** "ResNet". */
  readonly kind: string;
  /** What it is, and what was taken to be so. */
  readonly words: string;
  /** Why it is not opened under Prune, in a sentence; null: it is. */
  readonly unprunable: string | null;
  readonly layers: readonly LayerFound[];
  readonly size: number;
  readonly channels: number;
  readonly classes: readonly string[];
  readonly params: number;
  readonly macs: number;
  /** What it made of a tile; a sentence where it could not be tried; null while it is. */
  readonly tried: TriedOut | string | null;
}

interface ComingIn {
  readonly asked: Asked | null;
  readonly came: Came | null;
  readonly told: ToldText;
  /** Whether it is being read, or kept, just now. */
  readonly isReading: boolean;
}

export const NOTHING_TOLD: ToldText = { size: '', mean: '', std: '', classes: '', layers: '' };

const NOTHING: ComingIn = { asked: null, came: null, told: NOTHING_TOLD, isReading: false };

export const useComingIn = create<ComingIn>()(() => NOTHING);

/** Asks for what is missing; what was told of the same file stays. */
export const ask = (asked: Asked): void =>
  useComingIn.setState(({ asked: before, came, told }) => ({
    ...{ asked, came: null, isReading: false },
    told: (before ?? came)?.bytes === asked.bytes ? told : NOTHING_TOLD,
  }));

export const tell = (part: Partial<ToldText>): void =>
  useComingIn.setState(({ told }) => ({ told: { ...told, ...part } }));

/** Nothing of the file is taken. */
export const giveUp = (): void => useComingIn.setState(NOTHING);
