/** All families of networks, and which one an architecture is of: nothing else asks that. */
import type { AnyArch } from '../nn/arch';
import type { Model } from '../nn/model';
import type { Family } from './family';
import { gcnn } from './gcnn';
import { mobile } from './mobile';

/** A new family is a line here. The first is that of architectures which do not say their family. */
const FAMILIES: Family[] = [gcnn, mobile];

export function families(): readonly Family[] {
  return FAMILIES;
}

/** The family called so. */
export function familyCalled(name: string = FAMILIES[0].name): Family | undefined {
  return FAMILIES.find((family) => family.name === name);
}

/** The family of an architecture, which has been checked (`anyArchSchema`) or made by one. */
export function familyOf({ family }: Pick<AnyArch, 'family'>): Family {
  const found = familyCalled(family);
  if (!found) throw new Error(`There is no family of networks "${family}".`);
  return found;
}

/** Whether a model is of a certain family: for code that works on what only that family has. */
export function isOf<Arch extends AnyArch>(family: Family<Arch>, model: Model): model is Model<Arch> {
  return familyOf(model.arch).name === family.name;
}

/** Adds a family for as long as a test takes; returns what takes it away again. */
export function addFamily(family: Family): () => void {
  FAMILIES.push(family);
  return () => {
    FAMILIES.splice(FAMILIES.indexOf(family), 1);
  };
}
