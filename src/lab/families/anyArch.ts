/**
 * The two families of networks: the lab's own (`ArchSpec`: equivariant or plain, with hidden neurons to prune) and the
 * comparators (`MobileSpec`). Only what works on either asks here; everything else takes one of them.
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { type ArchSpec, archSchema } from './gcnn/arch';
import { ARCH_IDS, type ArchOverrides, namedArch } from './gcnn/zoo';
import {
  COMPARATOR_IDS,
  type ComparatorOverrides,
  type MobileSpec,
  mobileSchema,
  namedComparator,
} from './mobile/spec';

export type AnyArch = ArchSpec | MobileSpec;

/** Told apart before checking, so that a misfit is named by its own family's rules. */
export const anyArchSchema = z.unknown().transform((value, context): AnyArch => {
  const isMobile = typeof value === 'object' && value !== null && 'family' in value;
  const parsed = (isMobile ? mobileSchema : archSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

export function isComparator(arch: AnyArch): arch is MobileSpec {
  return 'family' in arch;
}

/** Every name that `anyNamedArch` knows. */
export const NETWORK_IDS: readonly string[] = [...ARCH_IDS, ...COMPARATOR_IDS];

/** A network of either family by name. Throws `BadInput` for an unknown name or a choice that it does not have. */
export function anyNamedArch(id: string, overrides: ArchOverrides = {}): AnyArch {
  if (!NETWORK_IDS.includes(id)) {
    throw new BadInput(`There is no architecture "${id}". Choose one of: ${NETWORK_IDS.join(', ')}.`);
  }
  if (!COMPARATOR_IDS.includes(id)) return namedArch(id, overrides);
  const { group, head, hidden, ...own } = overrides;
  const refused = Object.entries({ group, head, hidden }).find(([, value]) => value !== undefined);
  if (refused) {
    throw new BadInput(
      `"${id}" is a comparator, whose design is fixed: it has no ${refused[0]} to choose. Leave that out, or choose ` +
        `one of: ${ARCH_IDS.join(', ')}.`,
    );
  }
  return namedComparator(id, own satisfies ComparatorOverrides);
}
