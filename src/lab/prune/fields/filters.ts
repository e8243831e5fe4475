/** The filters of a block's fields as criteria compare them: on the grid, the norm folded in. */
import { foldedFilters } from '../../families/gcnn/folded';
import { blockLayouts } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import type { UnitFilters } from '../units/filters';

/**
 * One pattern [b, F_in, S_in] per field of block `index` (from 1). A scale before a norm means nothing, so the norm's
 * factor counts. The group moves positions and, behind a lifting convolution, orientations: (g·W)[p, f, h] =
 * W[g⁻¹p, f, g⁻¹h].
 */
export function fieldFilters(
  { arch, params }: Pick<GcnnModel, 'arch' | 'params'>,
  index: number,
): UnitFilters {
  const { filter } = blockLayouts(arch)[index - 1];
  const { kernel, fieldsIn, sizeIn, fieldsOut: units, positions } = filter;
  const { weights } = foldedFilters(arch, params, index);
  const width = weights.length / units;
  const patterns = new Float32Array(weights.length);
  for (let i = 0; i < width; i++) {
    for (let u = 0; u < units; u++) patterns[u * width + i] = weights[i * units + u];
  }
  const { elements, inverse, multiply } = GROUPS[arch.group];
  const perPosition = fieldsIn * sizeIn;
  const actions = elements.map((element, g) => {
    const source = turnSource(kernel, element);
    // Stored positions are whole orbits, so a turned one is stored too.
    const rows = positions?.map((position) => positions.indexOf(source[position])) ?? source;
    return Uint32Array.from({ length: width }, (_, i) => {
      const [p, rest] = [Math.floor(i / perPosition), i % perPosition];
      const h = rest % sizeIn;
      const from = sizeIn === 1 ? 0 : multiply[inverse[g]][h];
      return rows[p] * perPosition + rest - h + from;
    });
  });
  return { units, width, patterns, actions };
}
