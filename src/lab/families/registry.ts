/** All families of networks, and which one an architecture is of: nothing else asks that. */
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import type { Family } from './family';
import { gcnn } from './gcnn';
import { imported } from './imported';
import { mobile } from './mobile';
import { vit } from './vit';

/** A new family is a line here; the type checker then asks for how its networks run (networks.ts). */
export const FAMILIES = { gcnn, mobile, vit, imported };

/** The family of architectures that do not say theirs: it was here first. */
const FIRST = gcnn.name;

const known = new Map<string, Family>(Object.values(FAMILIES).map((family) => [family.name, family]));

/** Every family, the first one first. */
export function listFamilies(): readonly Family[] {
  return [...known.values()];
}

/** The family called so, or undefined. */
export function findFamily(name: string = FIRST): Family | undefined {
  return known.get(name);
}

/** The family of an architecture. */
export function familyOf({ family }: Pick<AnyArch, 'family'>): Family {
  const found = findFamily(family);
  if (!found) throw new Error(`There is no family of networks "${family}".`);
  return found;
}

/** Whether a model is of a certain family: for code that works on what only that family has. */
export function isOf<Arch extends AnyArch>(family: Family<Arch>, model: Model): model is Model<Arch> {
  return familyOf(model.arch).name === family.name;
}

/** Makes a family known beside those listed; returns what takes it away again. See `addFamily` in networks.ts. */
export function addDescription(family: Family): () => void {
  known.set(family.name, family);
  return () => known.delete(family.name);
}
