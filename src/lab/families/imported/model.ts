import type { Model } from '../../nn/model';
import type { ImportedSpec } from './spec';

/** A network that came in from elsewhere. */
export type ImportedModel = Model<ImportedSpec>;
