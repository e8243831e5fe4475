/**
 * A plain network made exactly equivariant: its parameters become their mean over the group (fieldAction.ts), and what is
 * left of them is a network of the lab's own kind, smaller by |G| (symmetry/filters.ts read backwards). For a parameter whose
 * outputs are fields, the filters of one channel of each are kept:
 *
 *   W[.., f′, h, f] = P(W)[.., (f′, h), (f, e)]      biases, norms, tokens and positions likewise
 *
 * and for the one that reads fields for the answer, whose outputs are none: it reads the mean over (f, ·), not each of them.
 *
 *   W[f, n] = |G| · P(W)[(f, e), n]
 *
 * Running statistics are averaged, too; after a network that was not equivariant they are best estimated anew.
 */
import { BadInput } from '../errors';
import type { ParamAction, Refusal } from '../families/family';
import { paramLayouts } from '../families/layout';
import { familyOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import { type AnyModel, type Param, requireFloat, sizeOf } from '../nn/model';
import { GROUPS, type GroupName } from '../symmetry/group';
import { projectParams } from './fieldAction';
import { actionsOf, fieldsRefusal } from './penalties/refusals';

/** The equivariant design that a network becomes; or why there is none. */
function projectedArch(arch: AnyArch, group: GroupName): AnyArch | Refusal {
  const { noun, projected } = familyOf(arch);
  return (
    projected?.(arch, group) ?? {
      refusal: `is ${noun}, of which nobody knows an equivariant network to project it to`,
    }
  );
}

/** Why a network cannot be projected to one of the lab's own kind, as a sentence; or null. */
export function projectionRefusal(arch: AnyArch, group: GroupName): string | null {
  const becomes = projectedArch(arch, group);
  if ('refusal' in becomes) {
    return `"${arch.id}" ${becomes.refusal}: take base, base-small, vit or vit-small, or stay with the penalty.`;
  }
  return fieldsRefusal(arch, GROUPS[group], 'it stays as it is');
}

/** The equivariant network nearest to a plain one. Throws `BadInput` where there is none. */
export function projectModel(model: AnyModel, name: GroupName): AnyModel {
  requireFloat(model);
  const refusal = projectionRefusal(model.arch, name);
  if (refusal !== null) throw new BadInput(refusal);
  const actions = actionsOf(model.arch);
  if ('refusal' in actions) throw new BadInput(actions.refusal);
  const { order } = GROUPS[name];
  const averaged = projectParams(model.params, actions, GROUPS[name]);
  const axesOf = new Map(actions.map((each) => [each.name, each.axes]));
  const arch = projectedArch(model.arch, name) as AnyArch;
  const params: Record<string, Param> = {};
  for (const { name: param, shape } of paramLayouts(arch)) {
    params[param] = { shape, data: ofFields(averaged[param], shape, axesOf.get(param), order) };
  }
  return { ...model, arch, params };
}

/** What the smaller network keeps of a parameter of the averaged one. */
function ofFields(
  { data }: Param,
  shape: readonly number[],
  axes: ParamAction['axes'] | undefined,
  order: number,
): Float32Array {
  // What the group does not act on reads and leaves no fields.
  if (!axes) return data.slice();
  const out = new Float32Array(sizeOf(shape));
  const last = shape.at(-1)!;
  if (axes.at(-1) !== 'fields') {
    return out.map((_, i) => order * data[Math.floor(i / last) * order * last + (i % last)]);
  }
  // Of the last axis the first channel of every field.
  return out.map((_, i) => data[Math.floor(i / last) * last * order + (i % last) * order]);
}
