/** Two networks on painted tiles with and without an up: needs no network on the bench. */
import { uprightCheck } from '../../lab/train/upright';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

export const uprightHandlers: Pick<Handlers, 'upright'> = {
  async *upright() {
    return yield* dropCheckpoints(uprightCheck());
  },
};
