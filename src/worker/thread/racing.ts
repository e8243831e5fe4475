/** How fast the network on the bench trains on this device. */
import { BadInput } from '../../lab/errors';
import { requireHidden } from '../../lab/families/units';
import type { AnyModel } from '../../lab/nn/model';
import { race } from '../../lab/train/race';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

/** `opened` finds the network that was opened last. */
export function createRaceHandler(opened: () => AnyModel | undefined): Pick<Handlers, 'race'> {
  return {
    async *race() {
      const found = opened();
      if (!found) throw new BadInput('Open a network before racing it.');
      return yield* dropCheckpoints(race(requireHidden(found).arch));
    },
  };
}
