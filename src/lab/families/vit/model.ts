import type { Model } from '../../nn/model';
import type { VitSpec } from './spec';

/** A vision transformer: what pruning inside blocks works on. */
export type VitModel = Model<VitSpec>;
