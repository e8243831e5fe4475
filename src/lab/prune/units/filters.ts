/** The incoming weights of units, as criteria compare them: one pattern per unit and how the group moves a pattern. */
import type { GcnnModel } from '../../families/gcnn/model';
import { type Element, GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';

export interface UnitFilters {
  readonly units: number;
  /** Weights of one pattern. */
  readonly width: number;
  /** units × width, without biases. */
  readonly patterns: Float32Array;
  /** One per group element, the identity first: (g·w)[i] = w[source[i]]. */
  readonly actions: readonly ArrayLike<number>[];
}

/** The patterns of the hidden neurons. The `orbit` head applies each in all orientations; in others the group is trivial. */
export function neuronFilters({ arch, params }: Pick<GcnnModel, 'arch' | 'params'>): UnitFilters {
  const { data, shape } = params['dense1.weight'];
  const [width, units] = shape;
  const patterns = new Float32Array(data.length);
  for (let i = 0; i < width; i++) {
    for (let u = 0; u < units; u++) patterns[u * width + i] = data[i * units + u];
  }
  const fields = arch.blocks.at(-1)!.fields;
  const elements = arch.head.kind === 'orbit' ? GROUPS[arch.group].elements : GROUPS.C1.elements;
  const actions = elements.map((g, i) =>
    // A pooled head's pattern has no positions to move.
    i === 0 ? Uint32Array.from({ length: width }, (_, w) => w) : movedPositions(width / fields, fields, g),
  );
  return { units, width, patterns, actions };
}

/** Where the entries of a turned map come from, in the order (y, x, field). */
function movedPositions(positions: number, fields: number, g: Element): Uint32Array {
  const source = turnSource(Math.sqrt(positions), g);
  return Uint32Array.from(
    { length: positions * fields },
    (_, i) => source[Math.floor(i / fields)] * fields + (i % fields),
  );
}
