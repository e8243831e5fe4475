/** Networks whose units can be removed, with their type: the door to the code that prunes. */
import { BadInput } from '../errors';
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import type { Unit } from './family';
import { gcnn } from './gcnn';
import type { GcnnModel } from './gcnn/model';
import { familyOf, isOf } from './registry';

/** Why such a unit cannot be removed from a network of this kind, to follow "<network> is <design>, "; or null. */
export function unitRefusal(arch: AnyArch, unit: Unit): string | null {
  const { noun, units } = familyOf(arch);
  if ('refusal' in units) return units.refusal;
  return units.includes(unit) ? null : `${noun}, of which no ${unit} can be removed`;
}

/** The model as one with hidden neurons and fields; throws `BadInput` where a family has none to remove. */
export function requireHidden(model: Model, name = 'This network'): GcnnModel {
  const refusal = unitRefusal(model.arch, 'neuron');
  if (refusal === null && isOf(gcnn, model)) return model;
  throw new BadInput(
    `${name} is ${model.arch.id}, ${refusal ?? 'whose hidden neurons only its own code can remove'}.`,
  );
}
