/** The ONNX file that is being made of a network, and what was chosen of it. */
import { create } from 'zustand';
import { type MadeChoices, USUAL_CHOICES } from '../../lab/files/onnx/choices';
import type { OnnxFiles } from '../../worker/protocol/protocol';
import type { NetworkFile } from './compare';
import type { Progress } from './lab';

/** A network by its file, which is loaded when it is needed. */
export interface OnnxSubject {
  /** What files of it are called. */
  readonly name: string;
  load(): Promise<Uint8Array>;
  /** The network that it was made from, where it is known. */
  readonly whole?: NetworkFile;
}

export type OnnxState =
  | { readonly status: 'choosing' }
  | { readonly status: 'making'; readonly progress: Progress | null }
  | { readonly status: 'done'; readonly files: OnnxFiles }
  | { readonly status: 'failed'; readonly message: string };

interface Onnx {
  readonly isOpen: boolean;
  readonly subject: OnnxSubject | null;
  readonly choices: MadeChoices;
  readonly state: OnnxState;
}

export const useOnnx = create<Onnx>()(() => ({
  isOpen: false,
  subject: null,
  choices: USUAL_CHOICES,
  state: { status: 'choosing' },
}));

/** Opens the dialog for a network. What was chosen for the last one is chosen still. */
export const openOnnxOf = (subject: OnnxSubject): void =>
  useOnnx.setState({ isOpen: true, subject, state: { status: 'choosing' } });

export const closeOnnx = (): void => useOnnx.setState({ isOpen: false });

/** Another choice: what was made by the last one is no more what is chosen. */
export const chooseOnnx = (change: Partial<MadeChoices>): void =>
  useOnnx.setState(({ choices }) => ({
    choices: { ...choices, ...change },
    state: { status: 'choosing' },
  }));
