import { expect, test } from 'vitest';
import { uniform } from '../../random';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { pickPlaces } from './pick';

describeOnBackends('picking places', () => {
  forbidLeaks();

  test('takes what the table says, and hands the gradient back to where it came from', async () => {
    const [rows, positions, depth] = [2, 5, 3];
    // One of them three times, two of them never.
    const source = Int32Array.of(4, 1, 1, 0, 4, 4);
    const next = uniform('pick');
    const x = Float32Array.from({ length: rows * positions * depth }, () => next() - 0.5);
    const dy = Float32Array.from({ length: rows * source.length * depth }, () => next() - 0.5);
    const [value, gradient] = tf.tidy(() => {
      const input = tf.tensor3d(x, [rows, positions, depth]);
      const weight = tf.tensor3d(dy, [rows, source.length, depth]);
      const back = tf.grad((t) => tf.sum(tf.mul(pickPlaces(t as tf.Tensor3D, source), weight)))(input);
      return [pickPlaces(input, source), back];
    });
    const at = (n: number, p: number, c: number, count: number) => (n * count + p) * depth + c;
    const expected = new Float32Array(x.length);
    const picked = await value.data();
    for (let n = 0; n < rows; n++) {
      for (const [i, place] of source.entries()) {
        for (let c = 0; c < depth; c++) {
          expect(picked[at(n, i, c, source.length)]).toBe(x[at(n, place, c, positions)]);
          expected[at(n, place, c, positions)] += dy[at(n, i, c, source.length)];
        }
      }
    }
    const found = await gradient.data();
    for (const [i, each] of expected.entries()) expect(found[i]).toBeCloseTo(each, 6);
    tf.dispose([value, gradient]);
  });
});
