/**
 * Reads an exported network and runs it in plain loops: written from the README alone, so that a test holds two
 * independent readings of the file against each other. One picture, no framework, nothing of the lab but the container.
 */
import { decodeSafetensors } from '../files/safetensors';

interface Field {
  readonly size: number;
  /** Channel by channel, each row by row. */
  readonly maps: readonly Float64Array[];
}

/** The logits of one picture (size × size × channels bytes). */
export function runPlain(file: Uint8Array, pixels: Uint8Array): number[] {
  const { metadata, tensors } = decodeSafetensors(file);
  const config = JSON.parse(metadata.config);
  const weights = (layer: string): { shape: readonly number[]; at: (i: number) => number } => {
    const { shape, data } = tensors[`${layer}.weight`];
    return { shape, at: (i) => data[i] };
  };
  const scaleOf = (layer: string) => tensors[`${layer}.weight_scale`]?.data;

  let field: Field = {
    size: config.size,
    maps: Array.from({ length: config.channels }, (_, c) =>
      Float64Array.from({ length: config.size ** 2 }, (_, p) =>
        Math.fround((pixels[p * config.channels + c] / 255 - config.mean[c]) / config.std[c]),
      ),
    ),
  };
  for (const [i, { pool }] of config.blocks.entries()) {
    field = convolved(field, `conv${i + 1}`);
    if (pool) field = halved(field);
  }
  const groups = config.orientations;
  const pooled = Array.from({ length: field.maps.length / groups }, (_, f) =>
    field.maps[0].map((_, p) => {
      const values = field.maps.slice(f * groups, (f + 1) * groups).map((map) => map[p]);
      return config.head === 'averaged' ? values.reduce((a, b) => a + b, 0) / groups : Math.max(...values);
    }),
  );
  const rows = config.turns.map(([quarters, flip]: [number, boolean]) => {
    const maps = pooled.map((map) => turned(map, field.size, quarters, flip));
    if (config.head === 'pooled' || config.head === 'averaged')
      return maps.map((map) => map.reduce((a, b) => a + b, 0) / map.length);
    return maps.flatMap((map) => [...map]);
  });
  const responses = dense(rows, 'dense1');
  const hidden = responses[0].map((_, j) => Math.max(0, ...responses.map((row) => row[j])));
  return dense([hidden], 'dense2')[0];

  function convolved({ size, maps }: Field, layer: string): Field {
    const { shape, at } = weights(layer);
    const [outs, ins, k] = shape;
    const bias = tensors[`${layer}.bias`].data;
    const scale = scaleOf(layer);
    const reach = Math.floor(k / 2);
    const out = Array.from({ length: outs }, (_, o) => {
      const map = new Float64Array(size * size);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          let sum = 0;
          for (let i = 0; i < ins; i++) {
            for (let dy = 0; dy < k; dy++) {
              for (let dx = 0; dx < k; dx++) {
                const [sy, sx] = [y + dy - reach, x + dx - reach];
                if (sy < 0 || sx < 0 || sy >= size || sx >= size) continue;
                sum += at(((o * ins + i) * k + dy) * k + dx) * maps[i][sy * size + sx];
              }
            }
          }
          map[y * size + x] = Math.max(0, sum * (scale ? scale[o] : 1) + bias[o]);
        }
      }
      return map;
    });
    return { size, maps: out };
  }

  function dense(inputs: readonly (readonly number[])[], layer: string): number[][] {
    const { shape, at } = weights(layer);
    const [outs, ins] = shape;
    const bias = tensors[`${layer}.bias`].data;
    const scale = scaleOf(layer);
    const { rows, step } = scale ? levels(inputs) : { rows: inputs, step: 1 };
    return rows.map((row) =>
      Array.from({ length: outs }, (_, o) => {
        let sum = 0;
        for (let i = 0; i < ins; i++) sum += at(o * ins + i) * row[i];
        return sum * step * (scale ? scale[0] : 1) + bias[o];
      }),
    );
  }
}

/** Activations in 128 levels between the smallest and the largest of all rows, 0 among them. */
function levels(inputs: readonly (readonly number[])[]): { rows: number[][]; step: number } {
  const values = inputs.flat().map(Math.fround);
  const low = Math.min(0, ...values);
  const exact = (Math.max(0, ...values) - low) / 127;
  const step = Math.max(Math.fround(exact), Math.fround(6.1e-5));
  const zero = exact === 0 ? 0 : even(-low / exact);
  const level = (value: number) =>
    Math.max(0, Math.min(127, even(Math.fround(Math.fround(value) * Math.fround(1 / step))) + zero)) - zero;
  return { rows: inputs.map((row) => row.map(level)), step };
}

/** To the nearest integer, halves to the even one. */
function even(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function halved({ size, maps }: Field): Field {
  const half = size / 2;
  const smaller = maps.map((map) =>
    Float64Array.from({ length: half * half }, (_, p) => {
      const corner = 2 * Math.floor(p / half) * size + 2 * (p % half);
      return Math.max(map[corner], map[corner + 1], map[corner + size], map[corner + size + 1]);
    }),
  );
  return { size: half, maps: smaller };
}

/** Flipped left to right, then turned counter-clockwise by so many quarters. */
function turned(map: Float64Array, size: number, quarters: number, flip: boolean): Float64Array {
  let now = flip ? map.map((_, p) => map[p - (p % size) + size - 1 - (p % size)]) : map;
  for (let t = 0; t < quarters; t++) {
    const before = now;
    // What was on the right is now at the top.
    now = before.map((_, p) => before[(p % size) * size + size - 1 - Math.floor(p / size)]);
  }
  return now;
}
