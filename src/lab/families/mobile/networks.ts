import type { Networks } from '../family';
import { openMobile } from './network';
import type { MobileSpec } from './spec';
import { mobileTrainee } from './trainee';

export const mobileNetworks: Networks<MobileSpec> = { trainee: mobileTrainee, open: openMobile };
