/** The values that parameters start with. */

/** All the same; or uniform with variance gain / fan-in, where the fan-in is the product of all axes but the last. */
export type Start = 0 | 1 | { readonly gain: number };

/** He's variance, of convolutions. */
export const HE: Start = { gain: 2 };

/**
 * PyTorch's default for dense layers: pooled features are positive and large, and He's variance would start with logits
 * in the tens.
 */
export const DENSE: Start = { gain: 1 / 3 };
