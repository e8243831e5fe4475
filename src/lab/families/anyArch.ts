/** Architectures of whatever family: read from JSON, and made by name. */
import { z } from 'zod';
import { BadInput } from '../errors';
import type { AnyArch } from '../nn/arch';
import { CHOSEN_OF_ALL, type DesignChoices, type Family } from './family';
import { findFamily, listFamilies } from './registry';

/** Told apart before checking, so that a misfit is named by its own family's rules. */
export const anyArchSchema = z.unknown().transform((value, context): AnyArch => {
  const named = z.looseObject({ family: z.string().optional() }).safeParse(value);
  const family = findFamily(named.data?.family);
  if (!family) {
    const known = listFamilies().map(({ name }) => name);
    const message = `there is no family "${named.data?.family}" of networks, only ${known.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['family'], message });
    return z.NEVER;
  }
  const parsed = family.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

/** A network of any family by name. Throws `BadInput` for an unknown name or a choice that it does not have. */
export function anyNamedArch(id: string, choices: DesignChoices = {}): AnyArch {
  const all = listFamilies();
  const family = all.find(({ designs }) => designs.includes(id));
  if (!family) {
    const names = all.flatMap(({ designs }) => designs);
    throw new BadInput(`There is no architecture "${id}". Choose one of: ${names.join(', ')}.`);
  }
  const refused = chosen(choices).find((choice) => !has(family, choice));
  if (refused) {
    const others = all.filter((each) => has(each, refused)).flatMap(({ designs }) => designs);
    throw new BadInput(
      `"${id}" is ${family.noun}, whose designs have no ${refused} to choose. Leave that out, or choose one of: ` +
        `${others.join(', ')}.`,
    );
  }
  return family.named(id, choices);
}

const chosen = (choices: DesignChoices) =>
  (Object.keys(choices) as (keyof DesignChoices)[]).filter((choice) => choices[choice] !== undefined);

function has({ choices }: Family, choice: keyof DesignChoices): boolean {
  return choices.includes(choice) || CHOSEN_OF_ALL.some((each) => each === choice);
}
