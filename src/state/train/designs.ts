/** Designs that the forms of Train and Pipeline offer, and what each of them brings into a form. */
import { z } from 'zod';
import { anyNamedArch } from '../../lab/families/anyArch';
import type { DesignChoices } from '../../lab/families/family';
import { HEAD_KINDS, type HeadKind } from '../../lab/families/gcnn/arch';
import { listFamilies } from '../../lab/families/registry';
import type { AnyArch } from '../../lab/nn/arch';
import { type Habits, habitsOf } from '../../lab/recipe/presets';
import type { GroupName } from '../../lab/symmetry/group';
import type { Augment } from '../../lab/train/augment';
import { BALANCES } from '../../lab/train/balance';

/** Of families whose networks can be pruned. */
export const DESIGN_IDS: readonly string[] = listFamilies().flatMap(({ units, designs }) =>
  'refusal' in units ? [] : designs,
);

/** What a form says of the head of a design that has none to choose. */
export const NO_HEAD = 'none';
export const HEAD_CHOICES = [...HEAD_KINDS, NO_HEAD] as const;
export type HeadChoice = (typeof HEAD_CHOICES)[number];

/** How training tiles can be changed: shifted by up to an eighth of their side, mirrored, turned by quarters, brighter or darker. */
export const AUGMENTS = ['shift', 'flip', 'turn', 'light'] as const;
export type AugmentWay = (typeof AUGMENTS)[number];
export const NO_AUGMENT = 'none';

/** What a form says of it: the ways, in their order, or `none`. Links of before there were turns say `mirror` for the first two. */
export const augmentChoice = z
  .string()
  .transform((text) => (text === 'mirror' ? 'shift,flip' : text))
  .refine((text) => text === NO_AUGMENT || chosenWays(waysIn(text)) === text);
export type AugmentChoice = string;

/** The ways that a form chooses. */
export const waysIn = (choice: AugmentChoice): AugmentWay[] => {
  const said = choice.split(',');
  return AUGMENTS.filter((way) => said.includes(way));
};

export const chosenWays = (ways: readonly AugmentWay[]): AugmentChoice =>
  AUGMENTS.filter((way) => ways.includes(way)).join(',') || NO_AUGMENT;

/** How much brighter or darker a form makes tiles. */
export const LIGHT = 0.2;

/** The lab's settings for what a form chooses, of tiles of so many pixels; none where tiles stay as they are. */
export function augmentOf(choice: AugmentChoice, size: number): Augment | undefined {
  const ways = waysIn(choice);
  if (ways.length === 0) return undefined;
  return {
    ...(ways.includes('shift') && { crop: cropOf(size) }),
    ...(ways.includes('flip') && { flip: true }),
    ...(ways.includes('turn') && { turn: true }),
    ...(ways.includes('light') && { brightness: LIGHT }),
  };
}

/** How unequal classes are answered; `none` where nothing is done. */
export const BALANCE_CHOICES = ['none', ...BALANCES] as const;
export type BalanceChoice = (typeof BALANCE_CHOICES)[number];

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
  readonly balance: BalanceChoice;
  /** Epochs without a gain before it stops early. */
  readonly patience: number;
}

/** How designs are trained that say nothing of it: the default network in a minute or two on one WASM thread. */
const COMMON: Training = {
  ...{ epochs: 10, batch: 32, rate: 0.003, augment: NO_AUGMENT },
  ...{ balance: 'none', patience: 15 },
};

/** What a design brings of a training. */
export function ownTraining(id: string): Training {
  const habits = habitsOf(id);
  if (!habits) return COMMON;
  const { epochs, batch, learningRate, patience, augment } = habits;
  return { ...COMMON, epochs, batch, patience, rate: learningRate, augment: augmentIn(augment) };
}

/** Whether two designs are trained in the same way, so that what was typed for the one serves the other. */
export const trainAlike = (a: string, b: string): boolean => habitsOf(a) === habitsOf(b);

/** The settings of a stage that trains. */
export function trainingIn(
  { epochs, batch, rate, augment, balance, patience }: Training,
  { arch, size }: Chosen,
) {
  const { augment: _, ...habits }: Partial<Habits> = habitsOf(arch) ?? {};
  const changed = augmentOf(augment, size);
  return {
    ...{ decay: 'linear', ...habits, epochs, batch, patience, learningRate: rate },
    ...(changed && { augment: changed }),
    ...(balance !== 'none' && { balance }),
  };
}

/** Of tiles of 32 pixels it is 4, as is usual. */
const cropOf = (size: number): number => Math.max(1, Math.round(size / 8));

/** What a form says of how a recipe changes its tiles. */
export function augmentIn(augment: { readonly [K in keyof Augment]?: unknown } | undefined): AugmentChoice {
  const { crop, flip, turn, brightness } = augment ?? {};
  const ways = { shift: crop, flip, turn, light: brightness };
  return chosenWays(AUGMENTS.filter((way) => ways[way] !== undefined));
}
