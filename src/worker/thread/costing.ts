/** What a training would take on this device. */
import { trainingCost } from '../../lab/train/trainingCost';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

export const costHandlers: Pick<Handlers, 'cost'> = {
  cost: ({ arch, plan }) => dropCheckpoints(trainingCost(arch, plan)),
};
