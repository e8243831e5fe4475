/** From a network to a TFLite file that was run and held against the lab: what page and command line hand out. */
import { BadInput } from '../../errors';
import type { Model } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { compareFile, type FileComparison } from '../onnx/compare';
import type { Trial } from '../onnx/make';
import type { TfliteChoices } from './choices';
import { type LoadLiteRt, liteRtVersion, openTflite } from './runtime';
import { type TfliteNetwork, tfliteOf } from './tflite';

export interface MadeTflite {
  readonly network: TfliteNetwork;
  readonly comparison: FileComparison;
}

/** Throws `BadInput` for a network that has no such form, for a wrong batch, and where the runtime does not load. */
export async function* makeTflite(
  model: Model,
  choices: TfliteChoices,
  { pictures, check }: Pick<Trial, 'pictures' | 'check'>,
  load: LoadLiteRt,
): Stage<MadeTflite> {
  if (choices.rounding !== 'none' && model.arch.int8)
    throw new BadInput(
      'This network is in 8-bit integers already, and is written as it is: choose no rounding, or take the network of floats.',
    );
  const runtime = `LiteRT ${await liteRtVersion(load)}`;
  const network = tfliteOf(model, choices);
  const session = await openTflite(load, network);
  const read = { ...choices, channels: 'last' } as const;
  const comparison = yield* compareFile(model, session, runtime, read, pictures, check);
  return { network, comparison };
}
