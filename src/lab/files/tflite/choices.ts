/** What may be chosen of a TFLite file: plain values, which a page knows before anything of it is loaded. */
import { z } from 'zod';
import { MOST_BATCH, PREPROCESSINGS } from '../onnx/choices';

/**
 * How the numbers of a network of floats are rounded. `none`: they are not. `dynamic`: weights are 8-bit integers with a scale
 * for each output, and what they multiply is rounded in the range that it has in each picture, by the program that runs the file.
 */
export const TFLITE_ROUNDINGS = ['none', 'dynamic'] as const;

export const tfliteChoicesSchema = z.object({
  /** Pictures of a call: a file has one number of them. */
  batch: z.int().min(1).max(MOST_BATCH),
  /** As in ONNX files, but that normalised floats have their channels last. */
  preprocessing: z.enum(PREPROCESSINGS),
  rounding: z.enum(TFLITE_ROUNDINGS),
});

/** How a file is made. */
export type TfliteChoices = z.infer<typeof tfliteChoicesSchema>;
