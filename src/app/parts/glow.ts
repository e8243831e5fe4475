/** Values of maps as colours: what is least is dark, the strongest response light. */

export interface Scale {
  readonly least: number;
  readonly most: number;
}

/** Of a rectifier's maps it begins at nothing; tokens of a transformer go below it. */
export function scaleOf(values: Float32Array): Scale {
  return values.reduce<Scale>(
    ({ least, most }, value) => ({ least: Math.min(least, value), most: Math.max(most, value) }),
    { least: 0, most: 0 },
  );
}

/** Red, green and blue, 0 … 255. What lies beyond the scale has the colour of its end. */
export function glow(value: number, { least, most }: Scale): [number, number, number] {
  const share = most > least ? Math.min(1, Math.max(0, (value - least) / (most - least))) : 0;
  const at = STOPS.length - 1;
  const i = Math.min(at - 1, Math.floor(share * at));
  const part = share * at - i;
  return [0, 1, 2].map((c) => STOPS[i][c] + part * (STOPS[i + 1][c] - STOPS[i][c])) as [
    number,
    number,
    number,
  ];
}

/** From near black over blue to light yellow: brightness grows evenly, so that it survives without colour. */
const STOPS = [
  [10, 12, 24],
  [18, 62, 110],
  [30, 130, 170],
  [130, 200, 170],
  [253, 246, 190],
];
