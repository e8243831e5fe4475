import type { Networks } from '../family';
import type { ArchSpec } from './arch';
import { openGcnn } from './network';
import { gcnnTrainee } from './trainee';

export const gcnnNetworks: Networks<ArchSpec> = { trainee: gcnnTrainee, open: openGcnn };
