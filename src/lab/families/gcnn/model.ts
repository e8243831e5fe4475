import type { Model } from '../../nn/model';
import type { ArchSpec } from './arch';

/** A network of group convolutions with hidden neurons: what pruning works on. */
export type GcnnModel = Model<ArchSpec>;
