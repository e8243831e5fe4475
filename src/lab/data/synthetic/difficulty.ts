/**
 * How hard the synthetic set is: every figure that decides it, in one place. Chosen so that a small net sees
 * most classes after a few epochs and still gets a visible share of the tiles wrong.
 */
export const DIFFICULTY = {
  /** tan(θ/2) for the largest deviation from a class's usual direction: 0.2217 is 25°. */
  turn: 0.2217,
  /** Share of tiles whose lines run in any direction: the shortcut is strong, not perfect. */
  anyDirection: 0.06,
  /** Share of tiles with a patch of another class at their border, and the patch's share of the side. */
  neighbour: 0.35,
  neighbourReach: [0.12, 0.34],
  /** Share of a hazy veil mixed in, from none to this. */
  haze: 0.32,
  /** Brightness of the whole tile. */
  gain: [0.8, 1.15],
  /** Season and sensor: each channel is multiplied by 1 ± this. */
  tint: 0.05,
  /** Every colour of a palette is shifted by ± this (of 255), alike in all channels and one by one. */
  paint: [10, 5],
  /** Standard deviation of the pixel noise (of 255), from … to. */
  noise: [2, 5],
  /** How much of a pixel comes from its neighbours, from … to: the sensor's blur. */
  blur: [0.25, 0.75],
} as const;
