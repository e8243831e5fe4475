/** Maps with the rim of the other side around them, and without it again: convolutions then go round. Differentiable. */
import type { MapForm, Maps } from '../nn/maps/form';
import * as tf from '../runtime/tf';

/** The maps as [a, height, width, b], whatever the form. */
function asPlanes(maps: Maps, form: MapForm): tf.Tensor4D {
  if (form.name === 'channels last') return maps as tf.Tensor4D;
  const [tiles, fields, order, height, width] = maps.shape as number[];
  return tf.reshape(maps, [tiles * fields * order, height, width, 1]);
}

function asMaps(planes: tf.Tensor4D, like: Maps, form: MapForm): Maps {
  if (form.name === 'channels last') return planes;
  const [tiles, fields, order] = like.shape as number[];
  return tf.reshape(planes, [tiles, fields, order, planes.shape[1], planes.shape[2]]);
}

/** `margin` places more on every side, from the other side. */
export function wrapMaps(maps: Maps, form: MapForm, margin: number): Maps {
  if (margin === 0) return maps;
  let planes = asPlanes(maps, form);
  for (const axis of [1, 2]) {
    const size = planes.shape[axis];
    const part = (from: number, length: number) => sliceAlong(planes, axis, from, length);
    planes = tf.concat([part(size - margin, margin), planes, part(0, margin)], axis);
  }
  return asMaps(planes, maps, form);
}

/** The maps without their outer `margin` places. */
export function unwrapMaps(maps: Maps, form: MapForm, margin: number): Maps {
  if (margin === 0) return maps;
  let planes = asPlanes(maps, form);
  for (const axis of [1, 2]) planes = sliceAlong(planes, axis, margin, planes.shape[axis] - 2 * margin);
  return asMaps(planes, maps, form);
}

function sliceAlong(x: tf.Tensor4D, axis: number, from: number, length: number): tf.Tensor4D {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const size = [...x.shape] as [number, number, number, number];
  begin[axis] = from;
  size[axis] = length;
  return tf.slice(x, begin, size);
}
