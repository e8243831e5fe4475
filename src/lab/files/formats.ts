/** The forms for other programs in which a network is written: the page's dialog and the terminal's help name these. */
import { C_ROUNDINGS } from './c/choices';
import { ROUNDINGS } from './onnx/choices';
import { TFLITE_ROUNDINGS } from './tflite/choices';

export const FILE_FORMATS = {
  onnx: {
    title: 'ONNX',
    ending: 'onnx',
    words: 'for ONNX Runtime and programs that read ONNX',
    roundings: ROUNDINGS,
  },
  tflite: {
    title: 'TFLite',
    ending: 'tflite',
    words: 'for LiteRT (TensorFlow Lite) on phones, boards and in browsers',
    roundings: TFLITE_ROUNDINGS,
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

const titles = Object.values(FILE_FORMATS).map(({ title }) => title);

/** “ONNX, TFLite or C” */
export const FORMAT_TITLES = `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;
