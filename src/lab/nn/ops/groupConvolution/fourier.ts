/**
 * Group convolution by Fourier over the group: the mathematics, on plain numbers.
 *
 * With v[h] = x[h](y + h·p) and w[k] = W_k(k·p) for a position p of the kernel, a layer is for each p a correlation over
 * the group, out[g] = Σ_h v[h]·w[g⁻¹h], and all p together are all pairs of element and position. For a real
 * irreducible representation ρ let V̂ = Σ_h v[h]·ρ(h) and Ŵ = Σ_k w[k]·ρ(k). Then
 *   Ô(ρ) = Σ_p V̂_p(ρ) · Ŵ_p(ρ)ᵀ      out[g] = Σ_ρ d_ρ/|G| · ⟨Ô(ρ), ρ(g)⟩
 * where multiplications are 1 of 1 (C1), 2 of 4 (C2, D1), 6 of 16 (C4), 12 of 64 (D4) of the expanded filters'.
 *
 * C4's turn by r·90° is a complex number in two rows: the second follows from the first, which alone is computed, with
 * twice the weight in the sum.
 *
 * Turning a tile only permutes the rows of D4's V̂, up to signs: the same numbers are added in the same order, so such a layer
 * is equivariant to the last bit. C4's two rows are mixed within the sum, whose order changes: there the last bits differ.
 */
import type { GroupName } from '../../../symmetry/group';

/**
 * The components of the n values of an orbit, in the order of kernels/groups.ts: component i is Σ_g T[i][g]·v[g]. The
 * way back is the transpose, for the scales are in `ENTRIES`.
 */
export const TRANSFORMS: Readonly<Record<GroupName, readonly (readonly number[])[]>> = {
  C1: [[1]],
  C2: [
    [1, 1],
    [1, -1],
  ],
  C4: [
    [1, 1, 1, 1],
    [1, -1, 1, -1],
    [1, 0, -1, 0],
    [0, 1, 0, -1],
  ],
  D1: [
    [1, 1],
    [1, -1],
  ],
  D4: [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, -1, -1, -1, -1],
    [1, -1, 1, -1, 1, -1, 1, -1],
    [1, -1, 1, -1, -1, 1, -1, 1],
    [1, 0, -1, 0, 1, 0, -1, 0],
    [0, -1, 0, 1, 0, 1, 0, -1],
    [0, 1, 0, -1, 0, 1, 0, -1],
    [1, 0, -1, 0, -1, 0, 1, 0],
  ],
};

/** The components that are multiplied together, by their numbers: one alone for each one-dimensional representation. */
export function blocksOf(group: GroupName): readonly (readonly number[])[] {
  const components = TRANSFORMS[group].map((_, i) => i);
  const ones = components.length <= 2 ? components.length : components.length / 2;
  const alone = components.slice(0, ones).map((i) => [i]);
  return ones < components.length ? [...alone, components.slice(ones)] : alone;
}

/**
 * What the products multiply by: entry e is Σ_k E[e][k]·w[k]. One for each one-dimensional representation, then four of
 * the 2×2 ones: rows of the output by rows of the input.
 */
export const ENTRIES: Readonly<Record<GroupName, readonly (readonly number[])[]>> = {
  C1: scaled(TRANSFORMS.C1, 1),
  C2: scaled(TRANSFORMS.C2, 1 / 2),
  C4: [...scaled(TRANSFORMS.C4.slice(0, 2), 1 / 4), ...turnEntries(TRANSFORMS.C4.slice(2))],
  D1: scaled(TRANSFORMS.D1, 1 / 2),
  D4: [...scaled(TRANSFORMS.D4.slice(0, 4), 1 / 8), ...scaled(TRANSFORMS.D4.slice(4), 2 / 8)],
};

/** The turn's whole matrix from its first row (a, b): a, b, −b, a. */
function turnEntries([a, b]: readonly (readonly number[])[]): number[][] {
  return scaled([a, b, b.map((value) => 0 - value), a], 2 / 4);
}

function scaled(rows: readonly (readonly number[])[], factor: number): number[][] {
  return rows.map((row) => row.map((value) => value * factor));
}
