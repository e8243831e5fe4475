import type { Networks } from '../family';
import { openVit } from './network';
import type { VitSpec } from './spec';
import { vitTrainee } from './trainee';

export const vitNetworks: Networks<VitSpec> = { trainee: vitTrainee, open: openVit };
