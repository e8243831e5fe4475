/** How a measured pruning is drawn: a colour and a shape for each method, hollow before fine-tuning. */
import type { TrunkPoint } from '../../storage/rows';
import { METHOD_LOOKS } from '../parts/methods';

export type Shape = 'circle' | 'square' | 'triangle' | 'diamond' | 'fall' | 'plus' | 'star' | 'cross';

export interface PointLook {
  readonly name: string;
  readonly colour: string;
  readonly shape: Shape;
  readonly hollow: boolean;
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

/** Outlines in a square from −7 to 7. */
export const SHAPE_PATHS: Record<Shape, string> = {
  circle: 'M-5 0a5 5 0 1 1 10 0a5 5 0 1 1-10 0z',
  square: 'M-4.5-4.5h9v9h-9z',
  triangle: 'M0-6 5.5 4.5h-11z',
  diamond: 'M0-6.2 5.4 0 0 6.2-5.4 0z',
  fall: 'M0 6 5.5-4.5h-11z',
  plus: 'M-2-5.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5v-4h3.5z',
  star: 'M0-6.5 1.6-2.2 6.2-2 2.6.8 3.8 5.3 0 2.7-3.8 5.3-2.6.8-6.2-2-1.6-2.2z',
  cross: 'M-5.5-3.5-3.5-5.5 0-2 3.5-5.5 5.5-3.5 2 0 5.5 3.5 3.5 5.5 0 2-3.5 5.5-5.5 3.5-2 0z',
};
