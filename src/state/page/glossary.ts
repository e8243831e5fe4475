/** The glossary (docs/glossary.md) that opens beside the page, at an entry or at its beginning. */
import { create } from 'zustand';

/** The entries that explanations lead to, as their headings are addressed. */
export const TERMS = [
  'adaptive-fine-tuning',
  'agreement',
  'architecture',
  'augmentation',
  'balanced-accuracy',
  'batch',
  'budget',
  'calibration-error',
  'compensation',
  'confidence',
  'confusion-matrix',
  'criterion',
  'dead-neuron',
  'distillation',
  'epoch',
  'equivariance-error',
  'equivariant-fine-tuning',
  'field',
  'fingerprint',
  'group',
  'group-pooling',
  'head',
  'hidden-neuron',
  'interval',
  'learning-rate',
  'loss',
  'mean-average-precision',
  'masked-and-extracted',
  'multiply-adds',
  'orbit',
  'paired-test',
  'parts',
  'ranked-together',
  'roll-out',
  'saliency',
  'scope',
  'seed',
  'smallest-difference-that-can-be-told',
  'split',
  'undecided',
  'unit',
] as const;
export type Term = (typeof TERMS)[number];

interface Glossary {
  readonly isOpen: boolean;
  /** null: its beginning. */
  readonly term: Term | null;
  /** What the page said where it was opened. */
  readonly here: string | null;
}

export const useGlossary = create<Glossary>()(() => ({ isOpen: false, term: null, here: null }));

/** Opens an entry, with what the page said of it; without one, the beginning. */
export const openGlossary = (term: Term | null = null, here: string | null = null): void =>
  useGlossary.setState({ isOpen: true, term, here });

export const closeGlossary = (): void => useGlossary.setState({ isOpen: false });

/** How an entry is addressed: "Masked and extracted" → "masked-and-extracted". As GitHub does for these headings. */
export const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(/[^\w]+/g, '-');
