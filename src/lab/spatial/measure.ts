/** What a network answers to many maps, piece by piece, and how far it minds being acted on. */
import * as tf from '../runtime/tf';
import { widthOf } from '../symmetry/kinds';
import { joinArrays } from '../train/problem';
import { type Action, actOnMaps, numberMap, type Symmetry } from './action';
import { answerSize, type SpatialArch } from './arch';
import type { OpenSpatial } from './network';

/** Maps in one pass. */
const PIECE = 16;

/** The answers to maps that lie one after the other. */
export async function answersOf(
  network: OpenSpatial,
  { size, input }: Pick<SpatialArch, 'size' | 'input'>,
  data: Float32Array,
): Promise<Float32Array> {
  const width = widthOf(input);
  const perMap = size * size * width;
  const pieces: Float32Array[] = [];
  for (let start = 0; start < data.length; start += PIECE * perMap) {
    const piece = data.subarray(start, start + PIECE * perMap);
    const answer = tf.tidy(() => network.run(tf.tensor4d(piece, [piece.length / perMap, size, size, width])));
    pieces.push((await answer.data()) as Float32Array);
    answer.dispose();
  }
  return joinArrays(pieces);
}

/**
 * Root mean square of f(g·x) − g·f(x) over given actions but the one that changes nothing, in units of the answers' own
 * root mean square. Moves are by as many places of the answer as they say.
 */
export async function unequalUnder(
  network: OpenSpatial,
  arch: SpatialArch,
  data: Float32Array,
  actions: readonly Action[],
): Promise<number> {
  const size = answerSize(arch);
  const steps = arch.size / size;
  const upright = await answersOf(network, arch, data);
  let [sum, count] = [0, 0];
  for (const action of actions) {
    const [right, down] = action.move;
    const read: Action = { ...action, move: [right * steps, down * steps] };
    const turned = await answersOf(network, arch, actOnMaps(data, numberMap(read, arch.size, arch.input)));
    const expected = actOnMaps(upright, numberMap(action, size, arch.output));
    for (let i = 0; i < expected.length; i++) sum += (turned[i] - expected[i]) ** 2;
    count += expected.length;
  }
  const power = upright.reduce((total, each) => total + each * each, 0) / upright.length;
  return Math.sqrt(sum / count / (power || 1));
}

/** Every element but the identity, in place; and, with moves, some of them moved: a fixed choice, to measure by. */
export function measuredActions({ elements, moves }: Symmetry, size: number): Action[] {
  const turns = elements
    .filter(({ turns, mirror }) => turns > 0 || mirror)
    .map((element): Action => ({ element, move: [0, 0] }));
  if (!moves) return turns;
  const [half, third] = [Math.floor(size / 2), Math.floor(size / 3)];
  const places: [number, number][] = [
    [half, 0],
    [0, half],
    [third, half],
  ];
  return [...turns, ...places.map((move): Action => ({ element: { turns: 0, mirror: false }, move }))];
}
