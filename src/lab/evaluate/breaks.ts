/** Where the symmetry of a network breaks, from the equivariance error of its layers. */
import type { LayerError } from './equivariance';

/** Up to this an error is rounding: that of 32-bit floats through many layers stays far below, and what breaks is far above. */
export const ROUNDING = 1e-3;

/** The first layer that does not turn with the picture; null where all do. */
export function breaksAt(errors: readonly LayerError[]): LayerError | null {
  return errors.find(({ max }) => max > ROUNDING) ?? null;
}

/** The same in a sentence. `group`: under which the layers were turned. */
export function breakWords(errors: readonly LayerError[], group: string): string {
  const first = breaksAt(errors);
  if (!first) return `every layer turns with the picture under ${group}, but for rounding`;
  const at = errors.indexOf(first);
  const error = first.max < 0.01 ? first.max.toExponential(1) : Number(first.max.toPrecision(2));
  if (at === 0)
    return `under ${group} it breaks at once: the first layer, ${first.layer}, has an error of ${error}`;
  return `equivariant under ${group} up to ${errors[at - 1].layer}; it breaks at ${first.layer}, with an error of ${error}`;
}
