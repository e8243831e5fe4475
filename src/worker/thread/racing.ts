/** How fast the network on the bench trains on this device. */
import { BadInput } from '../../lab/errors';
import { race } from '../../lab/train/race';
import type { NetName } from '../protocol/protocol';
import type { OpenStudy } from './extracting';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

/** `opened` finds what was opened last. */
export function createRaceHandler(opened: (net: NetName) => OpenStudy | undefined): Pick<Handlers, 'race'> {
  return {
    async *race() {
      const found = opened('main');
      if (!found) throw new BadInput('Open a network before racing it.');
      return yield* dropCheckpoints(race(found.study.model.arch));
    },
  };
}
