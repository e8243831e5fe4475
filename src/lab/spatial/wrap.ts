/** Maps with the rim of the other side around them, and without it again: convolutions then go round. Differentiable. */
import type { MapForm, Maps } from '../nn/maps/form';
import { pickPlaces } from '../nn/ops/pick';
import * as tf from '../runtime/tf';

/** `margin` places more on every side, from the other side. */
export const wrapMaps = (maps: Maps, form: MapForm, margin: number): Maps =>
  margin === 0 ? maps : picked(maps, form, (size) => aroundSource(size, margin));

/** The maps without their outer `margin` places. */
export const unwrapMaps = (maps: Maps, form: MapForm, margin: number): Maps =>
  margin === 0 ? maps : picked(maps, form, (size) => innerSource(size, margin));

function aroundSource(size: number, margin: number): Int32Array {
  const wide = size + 2 * margin;
  const from = (i: number) => (i - margin + size) % size;
  return Int32Array.from(
    { length: wide * wide },
    (_, p) => from(Math.floor(p / wide)) * size + from(p % wide),
  );
}

function innerSource(size: number, margin: number): Int32Array {
  const inner = size - 2 * margin;
  return Int32Array.from(
    { length: inner * inner },
    (_, p) => (Math.floor(p / inner) + margin) * size + (p % inner) + margin,
  );
}

/** Square maps whose places are picked by a table, whatever the form. */
function picked(maps: Maps, form: MapForm, tableFor: (size: number) => Int32Array): Maps {
  const isPlanar = form.name === 'planar';
  const size = isPlanar ? maps.shape[3]! : maps.shape[1]!;
  const source = tableFor(size);
  const side = Math.sqrt(source.length);
  if (!isPlanar) {
    const [tiles, , , channels] = maps.shape as number[];
    const places = tf.reshape(maps, [tiles, size * size, channels]) as tf.Tensor3D;
    return tf.reshape(pickPlaces(places, source), [tiles, side, side, channels]);
  }
  const [tiles, fields, order] = maps.shape as number[];
  const places = tf.reshape(maps, [tiles * fields * order, size * size, 1]) as tf.Tensor3D;
  return tf.reshape(pickPlaces(places, source), [tiles, fields, order, side, side]);
}
