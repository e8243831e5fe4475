/** Why a network's channels make no fields of a group. */
import type { ParamAction, Refusal } from '../../families/family';
import { paramShapes } from '../../families/layout';
import { familyOf } from '../../families/registry';
import type { AnyArch } from '../../nn/arch';
import type { Group } from '../../symmetry/group';

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
  for (const { name, axes } of actions) {
    const length = shapes.get(name)![axes.indexOf('fields')];
    if (length % group.order !== 0) {
      return (
        `"${arch.id}" has ${length} channels at ${name}, which do not divide into fields of ${group.order}, the order of ` +
        `${group.name}: ${instead}, or take a smaller group.`
      );
    }
  }
  return null;
}
