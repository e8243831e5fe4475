/** What the Fields view's controls say, and the way of pruning inside the trunk that they stand for. */
import { z } from 'zod';
import { create } from 'zustand';
import type { ArchSpec } from '../../lab/families/gcnn/arch';
import { unitRefusal } from '../../lab/families/units';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../lab/prune/fields/choice';
import { BUDGETS } from '../../lab/prune/fields/rank';
import { ORBIT_METHODS, type OrbitMethod } from '../../lab/prune/orbits/choice';
import { TRUNK_UNITS, type TrunkChoice, type Tuning, tuningSchema } from '../../lab/prune/trunk/choice';
import type { NetInfo } from '../../worker/protocol/results';

/** Of what a share is removed: of each layer's fields, or of a cost of the whole network, met across layers. */
export const TARGETS = ['ratio', ...BUDGETS] as const;
export type Target = (typeof TARGETS)[number];

export const fieldsSchema = z.object({
  units: z.enum(TRUNK_UNITS),
  method: z.enum(CRITERION_IDS),
  compensation: z.enum(FIELD_COMPENSATIONS),
  by: z.enum(TARGETS),
  /** The share that goes. */
  removed: z.coerce.number().min(0).max(0.99),
  /** Layers that lose fields, from 1: `all`, or a list such as `1,3`. */
  layers: z.string().regex(/^(all|[1-9]\d*(,[1-9]\d*)*)$/),
  /** The one layer that loses orbits or channels, from 1. */
  layer: z.coerce.number().int().min(1).max(32),
  /** A share of a kernel's orbits, or its whole outer ring. */
  orbits: z.enum(['share', 'ring']),
  scope: tuningSchema.shape.scope,
  steps: z.coerce.number().int().min(1).max(20),
  distil: z.enum(['no', 'yes']),
});
export type FieldsForm = z.infer<typeof fieldsSchema>;

export const DEFAULT_FIELDS: FieldsForm = {
  units: 'fields',
  method: 'l2',
  compensation: 'none',
  by: 'ratio',
  // As the slider of Prune does, it begins with the whole network.
  removed: 0,
  layers: 'all',
  layer: 2,
  orbits: 'ring',
  scope: 'head',
  steps: 1,
  distil: 'no',
};

export interface FieldsState {
  /** What the view shows, a drag included. */
  readonly form: FieldsForm;
  /** What was let go of last. */
  readonly settled: FieldsForm;
}

export const useFields = create<FieldsState>()(() => ({ form: DEFAULT_FIELDS, settled: DEFAULT_FIELDS }));

const { getState, setState } = useFields;

export const beginFields = (form: FieldsForm): void => setState({ form, settled: form });

/** Shows a share without settling on it: every tick of a drag. */
export const previewFields = (removed: number): void =>
  setState(({ form }) => ({ form: { ...form, removed } }));

/** Settles on what is shown, with changes. */
export function settleFields(changes: Partial<FieldsForm> = {}): void {
  const form = { ...getState().form, ...changes };
  const { settled } = getState();
  const isSame = (Object.keys(form) as (keyof FieldsForm)[]).every((key) => form[key] === settled[key]);
  setState(isSame ? { form: settled } : { form, settled: form });
}

/** The layers of a list, those the network has; `all` for none of them. */
export function layersOf(text: string, count: number): number[] | undefined {
  if (text === 'all') return undefined;
  const layers = [...new Set(text.split(',').map(Number))].filter((layer) => layer <= count);
  return layers.length === 0 || layers.length === count ? undefined : layers.sort((a, b) => a - b);
}

/** What a form stands for on a network. `seed`: for the random criterion. */
export function trunkChoiceOf(form: FieldsForm, arch: Pick<ArchSpec, 'blocks'>, seed: number): TrunkChoice {
  const { units, method, compensation, by, removed, layers } = form;
  const count = arch.blocks.length;
  const block = Math.min(form.layer, count);
  if (units === 'orbits') {
    const target =
      form.orbits === 'ring' ? ('ring' as const) : { ratio: removed, method: orbitMethodOf(form), seed };
    return { units, block, target };
  }
  if (units === 'channels') return { units, method, ratio: removed, block, seed };
  const share = Number((1 - removed).toFixed(5));
  const target = by === 'ratio' ? { ratio: removed } : { budget: { of: by, share } };
  const blocks = layersOf(layers, count);
  return { units, method, compensation, target, ...(blocks && { blocks }), seed };
}

/** Kernels are ranked by weights alone; a criterion that looks at answers gives way to L2. */
export const orbitMethodOf = ({ method }: Pick<FieldsForm, 'method'>): OrbitMethod =>
  ORBIT_METHODS.find((each) => each === method) ?? 'l2';

export const tuningOf = ({ scope, steps, distil, units }: FieldsForm): Tuning => ({
  scope,
  steps: units === 'fields' ? steps : 1,
  distil: distil === 'yes',
});

/** Why a network has none that could go here, and what goes of it under Prune; to follow its name. */
export const noFieldsSentence = (spec: NetInfo['spec']): string =>
  unitRefusal(spec, 'filter') === null
    ? 'came in from elsewhere, with layers of its own. Its filters are pruned under Prune, where layers that sums tie lose the same ones, and whole fields go where a group acts.'
    : 'is a transformer: it has no convolutions whose fields could go. Under Prune the hidden neurons and the heads of its blocks can.';

/** Whether a network has convolutions whose fields can go. */
export const hasFields = ({ spec }: Pick<NetInfo, 'spec'>): boolean => unitRefusal(spec, 'field') === null;
