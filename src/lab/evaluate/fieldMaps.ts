/**
 * What equivariance looks like: the maps of one field of a block, upright and with the tile turned. A regular field of a
 * network equivariant under G answers a turned tile with the same maps, turned, and its |G| channels shifted (science
 * §8): y[g] = k·x[k⁻¹g]. So k⁻¹·y[kg] = x[g], which is what is put beside the upright maps here.
 */
import type { Classifier, FieldLayer } from '../families/family';
import { familyOf } from '../families/registry';
import { requireFinite } from '../finite';
import type { AnyArch } from '../nn/arch';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { turnByDegrees } from '../symmetry/anyAngle';
import { GROUPS, type Group } from '../symmetry/group';
import { permuteOrientations } from './equivariance';

export interface FieldMaps {
  readonly block: number;
  readonly field: number;
  readonly degrees: number;
  /** Channels of a field: |G|. */
  readonly order: number;
  /** Side of a map. */
  readonly size: number;
  /** The element of the group by which the channels were shifted back: the turn nearest to the angle. */
  readonly shift: number;
  /** Channel by channel: order × size × size. */
  readonly upright: Float32Array;
  readonly turned: Float32Array;
  /** Turned back, and its channels shifted back. */
  readonly back: Float32Array;
  /** Where the angle is no right one, only what lies within the inscribed circle is compared: the rest is made up. */
  readonly circle: boolean;
  /** Largest |back − upright| / largest |upright|, of this field and of all fields of the block. */
  readonly difference: number;
  readonly blockDifference: number;
}

/**
 * The maps of one field.
 *
 * @param upright the tile, normalised for this network: size × size × channels.
 * @param block from 0; `field` null: the field whose response is the strongest on the upright tile.
 */
export async function fieldMaps(
  { arch }: Pick<AnyModel, 'arch'>,
  network: Classifier,
  upright: Float32Array,
  at: { readonly block: number; readonly field: number | null; readonly degrees: number },
): Promise<FieldMaps> {
  const { block, degrees } = at;
  const layer = fieldLayers(arch)[block]?.name;
  if (layer === undefined) throw new Error(`There is no block ${block}.`);
  const group = GROUPS[arch.group];
  const { order } = group;
  const { size: side, channels } = arch.input;
  const first = await layerOutput(arch, network, upright, layer);
  const second = await layerOutput(arch, network, turnByDegrees(upright, side, channels, degrees), layer);
  const { size, width } = first;
  const shift = nearestTurn(group, degrees);
  const unturned = turnByDegrees(second.data, size, width, -degrees);
  const back = permuteOrientations(unturned, group, group.inverse[shift]);

  const fields = width / order;
  const field = Math.min(fields - 1, at.field ?? strongest(first.data, order, fields));
  const circle = degrees % 90 !== 0;
  const compared = (channel: (c: number) => boolean) =>
    differenceWithin(back, first.data, { size, width, circle, channel });
  const own = (c: number) => Math.floor(c / order) === field;
  const channelsOf = (data: Float32Array) => planes(data, width, field * order, order);
  return {
    ...{ block, field, degrees, order, size, shift, circle },
    upright: channelsOf(first.data),
    turned: channelsOf(second.data),
    back: channelsOf(back),
    difference: compared(own),
    blockDifference: compared(() => true),
  };
}

/** The layers of an architecture whose maps are fields, in order: its blocks. */
export function fieldLayers(arch: AnyArch): readonly FieldLayer[] {
  return familyOf(arch)
    .observed(arch)
    .filter((layer) => layer.kind === 'regular');
}

/** The index of the group's rotation that is nearest to an angle. */
export function nearestTurn({ elements }: Group, degrees: number): number {
  const apart = ({ turns }: { turns: number }) =>
    Math.abs(((((degrees - 90 * turns) % 360) + 540) % 360) - 180);
  let best = 0;
  elements.forEach((element, k) => {
    if (!element.mirror && apart(element) < apart(elements[best])) best = k;
  });
  return best;
}

/** What a layer leaves: size × size × width. */
async function layerOutput(
  { input: { size, channels } }: AnyArch,
  network: Classifier,
  tile: Float32Array,
  name: string,
): Promise<{ data: Float32Array; size: number; width: number }> {
  const seen: tf.Tensor[] = [];
  try {
    tf.tidy(() => {
      network.logits(tf.tensor4d(tile, [1, size, size, channels]), (layer, value) => {
        if (layer === name) seen.push(tf.keep(tf.clone(value)));
      });
    });
    const [, side, , width] = seen[0].shape;
    const data = Float32Array.from((await seen[0].data()) as Float32Array);
    return { data: requireFinite(data, `What layer ${name} leaves`), size: side, width };
  } finally {
    tf.dispose(seen);
  }
}

function strongest(data: Float32Array, order: number, fields: number): number {
  const sums = new Float64Array(fields);
  for (let i = 0; i < data.length; i++) sums[Math.floor((i % (fields * order)) / order)] += data[i];
  return sums.indexOf(Math.max(...sums));
}

interface Compared {
  readonly size: number;
  readonly width: number;
  readonly circle: boolean;
  channel(c: number): boolean;
}

function differenceWithin(
  a: Float32Array,
  b: Float32Array,
  { size, width, circle, channel }: Compared,
): number {
  const centre = (size - 1) / 2;
  let [difference, largest] = [0, 0];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (circle && (x - centre) ** 2 + (y - centre) ** 2 > centre ** 2) continue;
      for (let c = 0, at = (y * size + x) * width; c < width; c++, at++) {
        if (!channel(c)) continue;
        difference = Math.max(difference, Math.abs(a[at] - b[at]));
        largest = Math.max(largest, Math.abs(b[at]));
      }
    }
  }
  return largest === 0 ? difference : difference / largest;
}

/** Some channels of size × size × width values, one after the other. */
function planes(data: Float32Array, width: number, from: number, count: number): Float32Array {
  const pixels = data.length / width;
  return Float32Array.from(
    { length: count * pixels },
    (_, i) => data[(i % pixels) * width + from + Math.floor(i / pixels)],
  );
}
