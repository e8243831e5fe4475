/** Networks whose units can be removed, with their type: the door to the code that prunes. */
import { BadInput } from '../errors';
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import type { Unit } from './family';
import { gcnn } from './gcnn';
import type { GcnnModel } from './gcnn/model';
import { familyOf, isOf } from './registry';
import { vit } from './vit';
import type { VitModel } from './vit/model';

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  neuron: 'hidden neurons behind a trunk',
  field: 'fields',
  orbit: 'spatial orbits',
  mlp: 'hidden neurons of the MLPs',
  heads: 'heads',
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Why such a unit cannot be removed from a network of this kind, to follow "<network> is <design>, "; or null. */
export function unitRefusal(arch: AnyArch, unit: Unit): string | null {
  const { noun, units } = familyOf(arch);
  if ('refusal' in units) return units.refusal;
  if (units.includes(unit)) return null;
  return `${noun}, of which no ${UNIT_WORDS[unit]} can be removed, only ${listed(units.map((each) => UNIT_WORDS[each]))}`;
}

/** The model as one with hidden neurons and fields; throws `BadInput` where a family has none to remove. */
export function requireHidden(model: Model, name = 'This network'): GcnnModel {
  const refusal = unitRefusal(model.arch, 'neuron');
  if (refusal === null && isOf(gcnn, model)) return model;
  throw new BadInput(
    `${name} is ${model.arch.id}, ${refusal ?? 'whose hidden neurons only its own code can remove'}.`,
  );
}

/** The model as a transformer, whose blocks can be pruned; throws `BadInput` for another network. */
export function requireBlocks(model: Model, name = 'This network'): VitModel {
  const refusal = unitRefusal(model.arch, 'mlp');
  if (refusal === null && isOf(vit, model)) return model;
  throw new BadInput(
    `${name} is ${model.arch.id}, ${refusal ?? 'whose blocks only its own code can prune'}.`,
  );
}
