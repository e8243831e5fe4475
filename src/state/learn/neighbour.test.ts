/** A score in a link: what goes in comes out, as near as two signs tell; anything else is not taken for one. */
import '../testing/noWorker';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, placeFrom } from '../address/link';
import { progressOf, useProgress } from './lessonProgress';
import { LESSONS, lessonOf } from './lessons';
import {
  curveIndex,
  type Neighbour,
  neighbourFrom,
  neighbourLink,
  neighbourText,
  readNeighbour,
} from './neighbour';
import type { Verdict } from './score';
import { STEPS } from './sketch';

const VERDICTS: readonly Verdict[] = ['right', 'within', 'wrong', 'waiting', 'shown', 'open'];
const curve = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: STEPS + 1,
  maxLength: STEPS + 1,
});

/** Any lesson with any score in it. */
const scored = fc.constantFrom(...LESSONS).chain((lesson) => {
  const of = (...kinds: string[]) => lesson.steps.filter(({ kind }) => kinds.includes(kind)).length;
  const exactly = (n: number) => ({ minLength: n, maxLength: n });
  return fc.record({
    lesson: fc.constant(lesson),
    neighbour: fc.record({
      verdicts: fc.array(fc.constantFrom(...VERDICTS), exactly(of('question', 'sketch'))),
      curves: fc.array(fc.option(curve, { nil: null }), exactly(of('sketch'))),
    }) as fc.Arbitrary<Neighbour>,
  });
});

test('a score is read as it was written, its curves to a fiftieth of a point', () => {
  fc.assert(
    fc.property(scored, ({ lesson, neighbour }) => {
      const text = neighbourText(neighbour);
      expect(text.length).toBeLessThan(200);
      const read = readNeighbour(lesson, text)!;
      expect(read.verdicts).toEqual(neighbour.verdicts);
      expect(read.curves.map((each) => each === null)).toEqual(neighbour.curves.map((each) => each === null));
      const off = read.curves.flatMap((each, i) =>
        (each ?? []).map((value, step) => Math.abs(value - neighbour.curves[i]![step])),
      );
      expect(Math.max(0, ...off)).toBeLessThan(0.0002);
      // Written once more it is the same to the letter.
      expect(neighbourText(read)).toBe(text);
    }),
  );
});

test('it goes through the address as it is', () => {
  fc.assert(
    fc.property(scored, fc.boolean(), ({ lesson, neighbour }, presenting) => {
      const text = neighbourText(neighbour);
      const place = { ...placeFrom(''), lesson: { id: lesson.id, step: 2, presenting, neighbour: text } };
      const hash = hashOf(place);
      expect(placeFrom(hash).lesson).toEqual(place.lesson);
      // Nothing of it has to be written otherwise in an address.
      expect(hash).toContain(text);
    }),
  );
});

test('whatever else stands in a link is no score, and never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LESSONS), fc.string({ maxLength: 300 }), (lesson, text) => {
      const read = readNeighbour(lesson, text);
      if (read) expect(neighbourText(read)).toBe(text);
    }),
  );
  fc.assert(
    fc.property(scored, fc.nat(), fc.nat(), ({ lesson, neighbour }, at, sign) => {
      const text = neighbourText(neighbour);
      // Cut off, or with a sign that no score has.
      expect(readNeighbour(lesson, text.slice(0, at % text.length))).toBeNull();
      const other = '!%~ <é'[sign % 6];
      const place = at % text.length;
      expect(readNeighbour(lesson, text.slice(0, place) + other + text.slice(place + 1))).toBeNull();
    }),
  );
  expect(placeFrom(`#lesson=mind&neighbour=${'A'.repeat(5000)}`).lesson?.neighbour).toHaveLength(1000);
});

test('the link opens the lesson at its beginning, with the score and without the class', () => {
  const lesson = lessonOf('collapse')!;
  const by = Array.from({ length: STEPS + 1 }, (_, step) => 0.9 - 0.02 * step);
  useProgress.setState({
    own: null,
    lessons: {
      collapse: {
        ...progressOf({ lessons: {} }, 'collapse'),
        answers: {
          1: { asks: 'a', chosen: 'x', right: 'y', because: '', drawn: { by, measured: by } },
          3: { asks: 'b', chosen: 'z', right: 'z', because: '' },
        },
      },
    },
  });
  const progress = progressOf(useProgress.getState(), 'collapse');
  const address =
    'https://here/lab/?size=projector#view=learn&model=tiny&ratio=0.5&lesson=collapse&step=5&present=1&neighbour=old';
  const link = neighbourLink(address, lesson, progress);
  const [page, hash] = link.split('#');
  expect(page).toBe('https://here/lab/?size=projector');
  const place = placeFrom(hash);
  expect(place).toMatchObject({ view: 'prune', ratio: 0, subject: { kind: 'pair', id: 'tiny' } });
  expect(place.lesson).toMatchObject({ id: 'collapse', step: 1, presenting: false });
  const read = readNeighbour(lesson, place.lesson!.neighbour!)!;
  expect(read.verdicts).toEqual(['wrong', 'right']);
  expect(read.curves[curveIndex(lesson, 1)]).toHaveLength(STEPS + 1);
  expect(neighbourFrom(lesson, progress).curves).toEqual([by]);
  useProgress.setState({ lessons: {} });
});
