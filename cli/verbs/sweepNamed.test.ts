import { describe, expect, test } from 'vitest';
import { runOf, sweepOf } from '../../src/lab/sweep/testing/sweeps';
import { sweepMeant } from './sweepNamed';

const sweep = (id: string, name: string, state: 'done' | 'ready' = 'ready') =>
  sweepOf(runOf('a', [state]), { id, name });

describe('the sweep that is meant', () => {
  const all = [sweep('abc1', 'table-2, small'), sweep('abd2', 'table-5, small'), sweep('x3', 'twice')];

  test('is named by id, name, or the beginning of the id', () => {
    for (const called of ['abd2', 'table-5, small', 'abd']) expect(sweepMeant(all, called)).toBe(all[1]);
    // An id comes before a name that is the same.
    const odd = [...all, sweep('y4', 'abd2')];
    expect(sweepMeant(odd, 'abd2')).toBe(all[1]);
  });

  test('needs no name where it is the only one, or the only one that goes on', () => {
    expect(sweepMeant(all.slice(0, 1), undefined)).toBe(all[0]);
    expect(sweepMeant([sweep('z', 'over', 'done'), all[0]], undefined)).toBe(all[0]);
  });

  test.each([
    [undefined, 'Say which sweep; there are: abc1 (table-2, small), abd2'],
    ['ab', 'More than one sweep begins with "ab"; there are: abc1 (table-2, small), abd2 (table-5, small).'],
    ['twice', 'More than one sweep is called "twice": name it by its id; there are: x3 (twice), w5 (twice).'],
    ['table', 'There is no sweep "table" on this queue; there are: abc1 '],
  ])('is asked for where it is not one: %s', (called, words) =>
    expect(() => sweepMeant([...all, sweep('w5', 'twice')], called)).toThrow(words),
  );
});
