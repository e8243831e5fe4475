/**
 * Vision transformers as JSON: patches by a convolution, a class token, learned positions, blocks of attention and a GELU
 * MLP with layer norms in front (as in ViT and DeiT: Dosovitskiy et al. 2021, arXiv 2010.11929; Touvron et al. 2021,
 * arXiv 2012.12877), a layer norm, and one dense layer on the class token. DeiT's second, distilling token is not here: a
 * teacher is listened to through the loss.
 *
 * Under a group G a token is a row of `fields` regular fields of |G| channels, and every layer commutes with turning the
 * picture, exactly:
 *   patches    a lifting convolution whose stride is its kernel. Patches do not overlap and nothing is padded, so turning the
 *              picture turns the grid of patches and each of them, and strides break nothing. Any whole grid will do.
 *   maps       of tokens are group convolutions over G alone, out[g, f] = Σ W[f′, g⁻¹h, f] x[h, f′].
 *   attention  a head takes whole fields, so ⟨ρ(g)q, ρ(g)k⟩ = ⟨q, k⟩: scores are invariant, and what is mixed by them turns.
 *   positions  e[i][f, g] = p[g⁻¹·i, f], a picture p of numbers lifted by the identity; so e[h·i][f, hg] = e[i][f, g]. G acts
 *              freely on pairs of a patch and an element, though a mirror of D4 leaves the patches of a diagonal where they
 *              are: there are F numbers for each patch, whatever the grid.
 *   class      the same number on all channels of a field.
 *   norm       over all channels of a token, with one scale and one shift for a field. GELU acts on each number.
 *   answer     the maximum over G of each field of the class token, or its mean: invariant. The mean is what a plain
 *              network's dense layer takes of a field where it is equivariant (actions.ts).
 * With C1, a field is a channel and nothing of this is left: the plain transformer.
 */
import { z } from 'zod';
import { BadInput } from '../../errors';
import { inputSchema, int8Schema } from '../../nn/arch';
import { GROUP_NAMES, GROUPS } from '../../symmetry/group';
import type { DesignChoices } from '../family';

const blockSchema = z.object({
  /** Heads of attention, each of `headFields` fields. */
  heads: z.int().min(1).max(64),
  /** Hidden fields of the MLP. */
  hidden: z.int().min(1).max(16384),
});

export const vitSchema = z.object({
  family: z.literal('vit'),
  id: z.string().min(1).max(64),
  group: z.enum(GROUP_NAMES),
  /** Square input: size × size × channels. */
  input: inputSchema,
  /** Side of a patch in pixels. */
  patch: z.int().min(1).max(64),
  /** Fields of a token; it has fields · |G| channels. */
  fields: z.int().min(1).max(4096),
  /** Fields of a head's queries, keys and values. */
  headFields: z.int().min(1).max(1024),
  blocks: z.array(blockSchema).min(1).max(48),
  /** Share of the fields that are dropped in front of the last dense layer, in training. */
  dropout: z.number().min(0).max(0.95),
  classes: z.int().min(2).max(4096),
  /** What is made of the |G| numbers of a field at the end; absent: their maximum. */
  pooling: z.literal('mean').optional(),
  /** Absent: all weights are floats. */
  int8: int8Schema.optional(),
});

export type VitSpec = z.infer<typeof vitSchema>;
export type VitBlock = z.infer<typeof blockSchema>;

/** Channels of a token, heads of a block, and blocks. */
interface Size {
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
}

const SMALL: Size = { width: 96, heads: 3, blocks: 4 };
const LARGE: Size = { width: 192, heads: 3, blocks: 6 };
/** Channels of an MLP's hidden layer, as a multiple of a token's. */
const MLP_RATIO = 4;

const DESIGNS: ReadonlyMap<string, { readonly group: VitSpec['group']; readonly size: Size }> = new Map([
  ['vit-small', { group: 'C1', size: SMALL }],
  ['c4-vit-small', { group: 'C4', size: SMALL }],
  ['vit', { group: 'C1', size: LARGE }],
  ['c4-vit', { group: 'C4', size: LARGE }],
]);

export const VIT_IDS: readonly string[] = [...DESIGNS.keys()];

/** Up to this input size patches have 4 pixels, then 8: 64 patches at both 32×32 and 64×64. */
const LARGEST_OF_SMALL_PATCHES = 32;

/** A named transformer, with as many channels under any group. Throws `BadInput` for an unknown name or impossible sizes. */
export function namedVit(id: string, choices: DesignChoices = {}): VitSpec {
  const design = DESIGNS.get(id);
  if (!design) throw new BadInput(`There is no transformer "${id}". Choose one of: ${VIT_IDS.join(', ')}.`);
  const { width, heads, blocks } = design.size;
  const { size = 32, channels = 3, bands, classes = 10, dropout = 0, group = design.group } = choices;
  const { order } = GROUPS[group];
  const parsed = vitSchema.safeParse({
    family: 'vit',
    id,
    group,
    input: { size, channels, ...(bands && { bands }) },
    patch: size <= LARGEST_OF_SMALL_PATCHES ? 4 : 8,
    fields: width / order,
    headFields: width / heads / order,
    blocks: Array.from({ length: blocks }, () => ({ heads, hidden: (MLP_RATIO * width) / order })),
    dropout,
    classes,
  });
  if (parsed.success) {
    patchesPerSide(parsed.data);
    return parsed.data;
  }
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(`The transformer "${id}" cannot have that ${path.join('.')}: ${message}.`);
}

/** Patches in a row of the picture. Throws `BadInput` where they do not fill it. */
export function patchesPerSide({ id, input: { size }, patch }: VitSpec): number {
  if (size % patch === 0) return size / patch;
  throw new BadInput(
    `"${id}" cuts its input into patches of ${patch}×${patch} pixels, which do not fill ${size}×${size}: choose an input ` +
      `size that is a multiple of ${patch}.`,
  );
}
