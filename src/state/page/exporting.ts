/** The file for other programs that is being made of a network, and what was chosen of it. */
import { create } from 'zustand';
import { FILE_FORMATS, type FileFormat } from '../../lab/files/formats';
import { type MadeChoices, USUAL_CHOICES } from '../../lab/files/onnx/choices';
import type { ExportedFiles } from '../../worker/protocol/results';
import type { NetworkFile } from './compare';
import type { Progress } from './lab';

/** A network by its file, which is loaded when it is needed. */
export interface ExportSubject {
  /** What files of it are called. */
  readonly name: string;
  load(): Promise<Uint8Array>;
  /** The network that it was made from, where it is known. */
  readonly whole?: NetworkFile;
}

export type ExportState =
  | { readonly status: 'choosing' }
  | { readonly status: 'making'; readonly progress: Progress | null }
  | { readonly status: 'done'; readonly files: ExportedFiles }
  | { readonly status: 'failed'; readonly message: string };

interface Exporting {
  readonly isOpen: boolean;
  readonly subject: ExportSubject | null;
  readonly format: FileFormat;
  /** Of a file in C the rounding alone. */
  readonly choices: MadeChoices;
  readonly state: ExportState;
}

export const useExporting = create<Exporting>()(() => ({
  isOpen: false,
  subject: null,
  format: 'onnx',
  choices: USUAL_CHOICES,
  state: { status: 'choosing' },
}));

/** Opens the dialog for a network. What was chosen for the last one is chosen still. */
export const openExport = (subject: ExportSubject): void =>
  useExporting.setState({ isOpen: true, subject, state: { status: 'choosing' } });

export const closeExport = (): void => useExporting.setState({ isOpen: false });

/** Another choice: what was made by the last one is no more what is chosen. */
export const chooseExport = (change: Partial<MadeChoices>): void =>
  useExporting.setState(({ choices }) => ({
    choices: { ...choices, ...change },
    state: { status: 'choosing' },
  }));

/** Another format; numbers as they are where it does not have those that were chosen. */
export const chooseFormat = (format: FileFormat): void => {
  const roundings: readonly string[] = FILE_FORMATS[format].roundings;
  const { choices } = useExporting.getState();
  useExporting.setState({ format });
  chooseExport(roundings.includes(choices.rounding) ? {} : { rounding: 'none' });
};
