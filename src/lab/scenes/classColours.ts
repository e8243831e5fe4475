/** A colour for each class: the ten of Paul Tol's "muted" scheme, made to be told apart by everyone; then hues. */

export type Colour = readonly [red: number, green: number, blue: number];

const MUTED: readonly Colour[] = [
  [221, 204, 119],
  [17, 119, 51],
  [153, 153, 51],
  [136, 34, 85],
  [51, 34, 136],
  [68, 170, 153],
  [204, 102, 119],
  [170, 68, 153],
  [136, 204, 238],
  [187, 187, 187],
];

export function classColour(index: number): Colour {
  if (index < MUTED.length) return MUTED[index];
  // Steps of the golden angle leave the largest gaps between hues, however many there are.
  const hue = (index * 137.508) % 360;
  const channel = (shift: number) => Math.round(127 + 100 * Math.cos(((hue + shift) * Math.PI) / 180));
  return [channel(0), channel(-120), channel(120)];
}
