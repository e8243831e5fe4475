import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GROUP_NAMES } from '../symmetry/group';
import { drawAction, symmetryOf } from './action';

test('whatever the stream says, a constant too, what is drawn changes something and is one of the actions', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...GROUP_NAMES),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }), { minLength: 1, maxLength: 6 }),
      (group, moves, size, stream) => {
        const symmetry = symmetryOf(group, moves);
        let i = 0;
        const draw = () => drawAction(symmetry, size, () => stream[i++ % stream.length]);
        if (symmetry.elements.length === 1 && !(moves && size > 1)) {
          expect(draw).toThrow(RangeError);
          return;
        }
        const { element, move } = draw();
        expect(symmetry.elements).toContain(element);
        expect(element.turns > 0 || element.mirror || move.some((each) => each > 0)).toBe(true);
        for (const each of move) expect(each >= 0 && each < (moves ? size : 1)).toBe(true);
      },
    ),
  );
});
