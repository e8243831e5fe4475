/** What rounding to integers does to the network on the bench, and to a tile beside a glaring one. */
import { BadInput } from '../../lab/errors';
import { neighbourCheck } from '../../lab/quantize/neighbours';
import type { NetName } from '../protocol/choices';
import type { Handlers } from './host';
import type { Kept } from './pruning';
import { dropCheckpoints } from './reporting';

/** `kept`: what was opened last under a name. */
export const createRoundingHandler = (
  kept: (net: NetName) => Kept | undefined,
): Pick<Handlers, 'neighbours'> => ({
  async *neighbours() {
    const found = kept('main');
    if (!found || !('study' in found))
      throw new BadInput('Open a network of convolutions before rounding it.');
    const { model, dataset, turns } = found.study;
    return yield* dropCheckpoints(neighbourCheck({ model, dataset, ...turns[0] }));
  },
});
