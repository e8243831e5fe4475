/** How far a share measured on few tiles can be trusted. */

/** The 97.5 % point of the normal distribution. */
const Z = 1.959964;

/** Wilson's 95 % interval of a share seen on n tiles, as [low, high] in 0 … 1; [0, 1] when n is 0. */
export function wilsonInterval(share: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z2 = (Z * Z) / n;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n))) / (1 + z2);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
