/** How a measured pruning is drawn: a colour and a shape for each method, hollow before fine-tuning. */
import type { MarkLook } from '../../charts/marks';
import type { TrunkPoint } from '../../storage/rows';
import { METHOD_LOOKS } from '../parts/methods';

export interface PointLook extends MarkLook {
  readonly name: string;
}

const FIELD_SHAPES = {
  l2: 'circle',
  variance: 'square',
  taylor: 'triangle',
  'geometric-median': 'diamond',
  l1: 'fall',
  random: 'plus',
} as const;

export function lookOf({ choice, tuning }: Pick<TrunkPoint, 'choice' | 'tuning'>): PointLook {
  const hollow = tuning === null;
  if (choice.units === 'orbits') {
    return { name: 'Spatial orbits', colour: 'var(--accent)', shape: 'star', hollow };
  }
  if (choice.units === 'channels') {
    return { name: 'Single channels (break the symmetry)', colour: 'var(--ink)', shape: 'cross', hollow };
  }
  const { name, colour } = METHOD_LOOKS[choice.method];
  return { name: `Fields, ${name}`, colour, shape: FIELD_SHAPES[choice.method], hollow };
}
