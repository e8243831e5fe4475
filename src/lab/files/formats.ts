/** The forms for other programs in which a network is written: the page's dialog and the terminal's help name these. */
import { C_ROUNDINGS } from './c/choices';
import { ROUNDINGS } from './onnx/choices';

export const FILE_FORMATS = {
  onnx: {
    title: 'ONNX',
    ending: 'onnx',
    words: 'for ONNX Runtime and programs that read ONNX',
    roundings: ROUNDINGS,
  },
  c: {
    title: 'C',
    ending: 'h',
    words: 'one file in plain C99, for microcontrollers and programs without a runtime',
    roundings: C_ROUNDINGS,
  },
} as const;

export type FileFormat = keyof typeof FILE_FORMATS;

export const FILE_FORMAT_NAMES = Object.keys(FILE_FORMATS) as FileFormat[];

/** “ONNX or C” */
export const FORMAT_TITLES = Object.values(FILE_FORMATS)
  .map(({ title }) => title)
  .join(' or ');
