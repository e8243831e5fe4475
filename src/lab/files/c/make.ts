/** From a network to a file in C, with what the lab answers to a picture that everybody can make. */
import { BadInput } from '../../errors';
import type { Model } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import { logitsOfPicture } from '../takeAlong/logits';
import { patternPixels } from '../takeAlong/pattern';
import { type CNetwork, cOf } from './c';
import type { CRounding } from './choices';

export interface MadeC {
  readonly network: CNetwork;
  /** The network that was written, rounded where that was chosen. */
  readonly written: Model;
}

/** Throws `BadInput` for a network that has no such form, and for one that is to be rounded twice. */
export async function makeC(model: Model, rounding: CRounding): Promise<MadeC> {
  if (rounding !== 'none' && model.arch.int8)
    throw new BadInput(
      'This network is in 8-bit integers already, and is written as it is: choose no rounding, or take the network of floats.',
    );
  const written = rounding === 'dynamic' ? quantiseModel(model, { layers: 'all', range: 'tile' }) : model;
  const { size, channels } = model.arch.input;
  const expected = await logitsOfPicture(written, patternPixels(size, channels));
  return { network: cOf(written, expected), written };
}
