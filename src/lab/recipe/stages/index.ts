/** What does each kind of step. A kind of stage is a file here, its schema (../schema.ts), and a line in this list. */
import type { DoStep } from '../run';
import type { StepKind, StepOf } from '../step';
import { adapt, adaptFold } from './adapt';
import { pruneBlocks } from './blocks';
import { check } from './check';
import { pruneFiltersStep } from './filters';
import { finetune } from './finetune';
import { distil, goOn, train } from './learn';
import { project } from './project';
import { pruneFields, pruneKernels, pruneNeurons } from './prune';
import { quantise } from './quantise';

/** A study's networks are made together (study.ts). */
export const STEPS: { readonly [Kind in Exclude<StepKind, 'study'>]: DoStep<StepOf<Kind>> } = {
  train,
  continue: goOn,
  distil,
  prune: pruneNeurons,
  'prune-fields': pruneFields,
  'prune-orbits': pruneKernels,
  'prune-blocks': pruneBlocks,
  'prune-filters': pruneFiltersStep,
  finetune,
  adapt,
  'adapt-fold': adaptFold,
  project,
  quantise,
  check,
};
