/**
 * The maps of a field as things with places: a seat for each element of the group, on a circle, so that what the group does
 * to the maps of a turned tile is one motion of the whole circle. Seat g stands where g takes the first one, and so
 *   k moves the circle, as it moves a picture; what stood on seat g then stands on seat k·g.
 */
import { GROUPS, type GroupName } from './group';
import { turnPictures } from './turn';

/**
 * Where the first seat stands, in degrees counter-clockwise from the top. Not on the axis of a mirror, where two seats would
 * fall into one: with D4 all stand evenly then.
 */
const FIRST: Readonly<Record<GroupName, number>> = { C1: 0, C2: 0, C4: 0, D1: 90, D4: 22.5 };

/** The places of the seats, in degrees counter-clockwise from the top. */
export function seatAngles(name: GroupName): readonly number[] {
  return GROUPS[name].elements.map(({ turns, mirror }) => {
    const first = mirror ? -FIRST[name] : FIRST[name];
    return (first + 90 * turns + 360) % 360;
  });
}

/** Map number `at` of maps that lie one after the other. */
export function planeAt(maps: Float32Array, size: number, at: number): Float32Array {
  return maps.subarray(at * size * size, (at + 1) * size * size);
}

/**
 * The maps of a tile turned by element k, each turned back and taken back to where it came from: those of an equivariant
 * network are the upright ones. back[g] = k⁻¹·maps[k·g].
 *
 * @param maps of the turned tile, seat by seat: |G| × size × size.
 */
export function putBack(maps: Float32Array, size: number, name: GroupName, k: number): Float32Array {
  const { elements, order, multiply, inverse } = GROUPS[name];
  const back = new Float32Array(maps.length);
  for (let g = 0; g < order; g++) {
    const seated = planeAt(maps, size, multiply[k][g]);
    back.set(turnPictures(seated, size, 1, elements[inverse[k]]), g * size * size);
  }
  return back;
}
