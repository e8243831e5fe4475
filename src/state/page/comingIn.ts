/** A network from elsewhere of which something has to be told before it can come in. */
import { create } from 'zustand';

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

interface ComingIn {
  readonly asked: Asked | null;
  readonly told: ToldText;
  /** Whether it is being read just now. */
  readonly isReading: boolean;
}

export const NOTHING_TOLD: ToldText = { size: '', mean: '', std: '', classes: '', layers: '' };

export const useComingIn = create<ComingIn>()(() => ({ asked: null, told: NOTHING_TOLD, isReading: false }));

/** Asks for what is missing; what was told of the same file stays. */
export const ask = (asked: Asked): void =>
  useComingIn.setState((state) => ({
    ...{ asked, isReading: false },
    told: state.asked?.name === asked.name ? state.told : NOTHING_TOLD,
  }));

export const tell = (part: Partial<ToldText>): void =>
  useComingIn.setState(({ told }) => ({ told: { ...told, ...part } }));

/** Nothing of the file is taken. */
export const giveUp = (): void => useComingIn.setState({ asked: null, told: NOTHING_TOLD, isReading: false });
