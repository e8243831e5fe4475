/** Why a network has no penalty of some kind: without a tensor, so that a form can ask before anything is run. */
import type { ParamAction, Refusal } from '../../families/family';
import { paramShapes } from '../../families/layout';
import { familyOf } from '../../families/registry';
import type { AnyArch } from '../../nn/arch';
import type { Group } from '../../symmetry/group';
import type { PenaltyId } from './names';

/** How a group acts on a network's parameters; or why it does not. */
export function actionsOf(arch: AnyArch): readonly ParamAction[] | Refusal {
  const { noun, actions } = familyOf(arch);
  return actions
    ? actions(arch)
    : { refusal: `${noun}, of which nobody knows how a group acts on its weights` };
}

/** Why the channels of a network cannot be taken in fields of |G|, as a sentence that ends with what to do; or null. */
export function fieldsRefusal(arch: AnyArch, group: Group, instead = 'take the logits'): string | null {
  const actions = actionsOf(arch);
  if ('refusal' in actions) {
    return `"${arch.id}" is ${actions.refusal}, so its channels make no fields: ${instead}, or take another network.`;
  }
  const shapes = paramShapes(arch);
  for (const { name, axes, together } of actions) {
    const lengths = shapes.get(name)!.filter((_, axis) => axes[axis] === 'fields');
    const odd = [...lengths, together ?? 0].find((length) => length % group.order !== 0);
    if (odd !== undefined) {
      const where = odd === together ? `a head with ${odd} channels` : `${odd} channels`;
      return (
        `"${arch.id}" has ${where} at ${name}, which do not divide into fields of ${group.order}, the order of ` +
        `${group.name}: ${instead}, or take a smaller group.`
      );
    }
  }
  return null;
}

/** Why a network has no such R, as a sentence; or null. */
export const REFUSALS: { readonly [Id in PenaltyId]: (arch: AnyArch, group: Group) => string | null } = {
  logits: () => null,
  features: (arch, group) => (mapLayers(arch).length === 0 ? noMaps(arch) : fieldsRefusal(arch, group)),
  weights: (arch, group) => fieldsRefusal(arch, group),
};

/** The names of the last maps that a network is seen to leave, in the order of `TrainedLogits.maps`. */
export function mapLayers(arch: AnyArch): readonly string[] {
  const { maps, observed } = familyOf(arch);
  if (maps) return maps(arch);
  const last = observed(arch).findLast(({ kind }) => kind !== 'invariant');
  return last ? [last.name] : [];
}

export const noMaps = ({ id }: Pick<AnyArch, 'id'>): string =>
  `"${id}" leaves no maps that could be turned, so there are no features to hold against each other: take the logits.`;
