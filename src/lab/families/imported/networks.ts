import type { Networks } from '../family';
import { importedTrainee, openImported } from './network';
import type { ImportedSpec } from './spec';

export const importedNetworks: Networks<ImportedSpec> = { trainee: importedTrainee, open: openImported };
