/** Designs that the forms of Train and Pipeline offer, and what each of them brings into a form. */
import { anyNamedArch } from '../../lab/families/anyArch';
import type { DesignChoices } from '../../lab/families/family';
import { HEAD_KINDS, type HeadKind } from '../../lab/families/gcnn/arch';
import { listFamilies } from '../../lab/families/registry';
import type { AnyArch } from '../../lab/nn/arch';
import { type Habits, habitsOf } from '../../lab/recipe/presets';
import type { GroupName } from '../../lab/symmetry/group';

/** Of families whose networks can be pruned. */
export const DESIGN_IDS: readonly string[] = listFamilies().flatMap(({ units, designs }) =>
  'refusal' in units ? [] : designs,
);

/** What a form says of the head of a design that has none to choose. */
export const NO_HEAD = 'none';
export const HEAD_CHOICES = [...HEAD_KINDS, NO_HEAD] as const;
export type HeadChoice = (typeof HEAD_CHOICES)[number];

/** How training tiles are changed: not at all; shifted by up to an eighth of their side; mirrored too. */
export const AUGMENTS = ['none', 'shift', 'mirror'] as const;
export type AugmentChoice = (typeof AUGMENTS)[number];

/** What is chosen of a design. */
export interface Chosen {
  readonly arch: string;
  readonly group: GroupName;
  readonly head: HeadChoice;
  /** Side of its input, in pixels. */
  readonly size: number;
}

/** What a design is by itself. */
export function ownChoices(id: string): Chosen {
  const arch = anyNamedArch(id);
  return { arch: id, group: arch.group, head: headOf(arch), size: arch.input.size };
}

const headOf = (arch: AnyArch): HeadChoice =>
  (arch as { readonly head?: { readonly kind: HeadKind } }).head?.kind ?? NO_HEAD;

interface Design {
  readonly id: string;
  readonly group: GroupName;
  readonly size: number;
  readonly head?: HeadKind;
}

/** A design as a recipe names it. */
export const designIn = ({ arch, group, head, size }: Chosen): Design => ({
  ...{ id: arch, group, size },
  ...(head !== NO_HEAD && { head }),
});

/** The network of a form. Throws `BadInput` for one that cannot be. */
export function networkOf(chosen: Chosen, choices: DesignChoices = {}): AnyArch {
  const { id, ...own } = designIn(chosen);
  return anyNamedArch(id, { ...own, ...choices });
}

/** What a form says of a training. */
export interface Training {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly augment: AugmentChoice;
}

/** How designs are trained that say nothing of it: the default network in a minute or two on one WASM thread. */
const COMMON: Training = { epochs: 10, batch: 32, rate: 0.003, augment: 'none' };

/** What a design brings of a training. */
export function ownTraining(id: string): Training {
  const habits = habitsOf(id);
  if (!habits) return COMMON;
  const { epochs, batch, learningRate, augment } = habits;
  return { epochs, batch, rate: learningRate, augment: augment ? 'mirror' : 'none' };
}

/** Whether two designs are trained in the same way, so that what was typed for the one serves the other. */
export const trainAlike = (a: string, b: string): boolean => habitsOf(a) === habitsOf(b);

/** The settings of a stage that trains. */
export function trainingIn({ epochs, batch, rate, augment }: Training, { arch, size }: Chosen) {
  const { augment: _, ...habits }: Partial<Habits> = habitsOf(arch) ?? {};
  return {
    ...{ decay: 'linear', ...habits, epochs, batch, learningRate: rate },
    ...(augment !== 'none' && {
      augment: { crop: cropOf(size), ...(augment === 'mirror' && { flip: true }) },
    }),
  };
}

/** Of tiles of 32 pixels it is 4, as is usual. */
const cropOf = (size: number): number => Math.max(1, Math.round(size / 8));

/** What a form says of how a recipe changes its tiles. */
export const augmentIn = (augment: { readonly flip?: true | undefined } | undefined): AugmentChoice =>
  augment === undefined ? 'none' : augment.flip ? 'mirror' : 'shift';
