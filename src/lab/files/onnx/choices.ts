/** What may be chosen of an ONNX file: plain values, which a page knows before anything of ONNX is loaded. */
import { z } from 'zod';
import { BadInput } from '../../errors';

/**
 * How the numbers of a network of floats are rounded. `none`: they are not. `dynamic`: as the lab does, number for number:
 * dense layers find the range of what they read for each tile and count in integers with one scale of weights; convolutions
 * have weights of 8 bits, with a scale for each output, and count in floats. `static`: all that is multiplied is in fixed
 * ranges, which are those of some pictures.
 */
export const ROUNDINGS = ['none', 'dynamic', 'static'] as const;
export type OnnxRounding = (typeof ROUNDINGS)[number];

/** What shares one scale of weights under static rounding: each output of a layer, or all of it. */
export const SCALES = ['channel', 'tensor'] as const;
export type Scales = (typeof SCALES)[number];

/**
 * `inside`: the graph reads bytes as pictures lie in memory, [N, S, S, channels], and normalises them itself. `beside`: it
 * reads normalised floats [N, channels, S, S].
 */
export const PREPROCESSINGS = ['inside', 'beside'] as const;

export const MOST_BATCH = 4096;

export const onnxChoicesSchema = z.object({
  /** Pictures of a call; null: any number. */
  batch: z.int().min(1).max(MOST_BATCH).nullable(),
  preprocessing: z.enum(PREPROCESSINGS),
  rounding: z.enum(ROUNDINGS),
  scales: z.enum(SCALES),
});

/** How a file is made. */
export type MadeChoices = z.infer<typeof onnxChoicesSchema>;

/** What a file is beside its numbers. */
export type OnnxChoices = Pick<MadeChoices, 'batch' | 'preprocessing'>;

export const USUAL_CHOICES: MadeChoices = {
  ...{ batch: null, preprocessing: 'inside' },
  ...{ rounding: 'none', scales: 'channel' },
};

/** Throws `BadInput` for a batch that is none. */
export function requireBatch(batch: number | null): void {
  if (batch === null || (Number.isInteger(batch) && batch >= 1 && batch <= MOST_BATCH)) return;
  throw new BadInput(
    `A batch has 1 to ${MOST_BATCH} pictures, or any number of them; it cannot have ${batch}.`,
  );
}
