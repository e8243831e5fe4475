/**
 * The groups C1, C2, C4, D1 and D4 of rotations (and mirrorings) of the square pixel grid. D1 is the left-right mirror alone.
 *
 * Rules (science: rot90 is numpy's, counter-clockwise on (height, width)):
 *   an element (turns, mirror) acts as   g·x = rot90^turns( mirror ? x flipped left-right : x )
 *   product    (r₁,m₁)(r₂,m₂) = (r₁ + (m₁ ? −r₂ : r₂), m₁ xor m₂)      (a mirror reverses a rotation)
 *   inverse    (r,0)⁻¹ = (−r,0)      (r,1)⁻¹ = (r,1)
 *   order of D4: g = 0…3 is rot90^g, g = 4…7 is rot90^(g−4) after the mirror; the others are subgroups.
 */
export const GROUP_NAMES = ['C1', 'C2', 'C4', 'D1', 'D4'] as const;

export type GroupName = (typeof GROUP_NAMES)[number];

export interface Element {
  /** Quarter turns, counter-clockwise, 0 … 3. */
  readonly turns: number;
  /** Flipped left-right before turning. */
  readonly mirror: boolean;
}

export interface Group {
  readonly name: GroupName;
  readonly order: number;
  readonly elements: readonly Element[];
  /** multiply[a][b] = index of a·b ("b first, then a"). */
  readonly multiply: readonly (readonly number[])[];
  readonly inverse: readonly number[];
}

function makeGroup(name: GroupName, elements: readonly Element[]): Group {
  const indexOf = (turns: number, mirror: boolean): number =>
    elements.findIndex((e) => e.turns === (turns + 8) % 4 && e.mirror === mirror);
  return {
    name,
    order: elements.length,
    elements,
    multiply: elements.map((a) =>
      elements.map((b) => indexOf(a.turns + (a.mirror ? -b.turns : b.turns), a.mirror !== b.mirror)),
    ),
    inverse: elements.map((a) => (a.mirror ? indexOf(a.turns, true) : indexOf(-a.turns, false))),
  };
}

const rotations = (...turns: number[]): Element[] => turns.map((t) => ({ turns: t, mirror: false }));
const reflections = (...turns: number[]): Element[] => turns.map((t) => ({ turns: t, mirror: true }));

export const GROUPS: Readonly<Record<GroupName, Group>> = {
  C1: makeGroup('C1', rotations(0)),
  C2: makeGroup('C2', rotations(0, 2)),
  C4: makeGroup('C4', rotations(0, 1, 2, 3)),
  D1: makeGroup('D1', [...rotations(0), ...reflections(0)]),
  D4: makeGroup('D4', [...rotations(0, 1, 2, 3), ...reflections(0, 1, 2, 3)]),
};

/** The four quarter turns a tile is checked at, in the order 0°, 90°, 180°, 270°. */
export const QUARTER_TURNS: readonly Element[] = GROUPS.C4.elements;
