/** Networks whose units can be removed, with their type: the door to the code that prunes. */
import { BadInput } from '../errors';
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import type { Unit } from './family';
import { gcnn } from './gcnn';
import type { GcnnModel } from './gcnn/model';
import { imported } from './imported';
import type { ImportedModel } from './imported/model';
import { familyOf, isOf } from './registry';
import { vit } from './vit';
import type { VitModel } from './vit/model';

/** What a slider can take away one after the other. */
export const SLIDER_UNITS = ['neuron', 'mlp', 'heads', 'filter'] as const satisfies readonly Unit[];
export type SliderUnit = (typeof SLIDER_UNITS)[number];

/** What a network offers to the slider; nothing where nothing of it can be removed. */
export function sliderUnits(arch: AnyArch): readonly SliderUnit[] {
  const { units } = familyOf(arch);
  return SLIDER_UNITS.filter((unit) => !('refusal' in units) && units.includes(unit));
}

/** Throws `BadInput` for a network of which a slider can take nothing. */
export function requireSliderUnits({ arch }: Pick<Model, 'arch'>, name = 'This network'): void {
  if (sliderUnits(arch).length > 0) return;
  throw new BadInput(`${name} is ${arch.id}, ${unitRefusal(arch, 'neuron')}.`);
}

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  neuron: 'hidden neurons behind a trunk',
  field: 'fields',
  orbit: 'spatial orbits',
  mlp: 'hidden neurons of the MLPs',
  heads: 'heads',
  filter: 'filters',
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

/** The model as one from elsewhere, whose filters can be removed; throws `BadInput` for another network. */
export function requireFilters(model: Model, name = 'This network'): ImportedModel {
  const refusal = unitRefusal(model.arch, 'filter');
  if (refusal === null && isOf(imported, model)) return model;
  throw new BadInput(
    `${name} is ${model.arch.id}, ${refusal ?? 'whose filters only its own code can remove'}.`,
  );
}
