import { afterEach, expect, test, vi } from 'vitest';
import { memoryStorage } from '../testing/storage';
import type { Lesson } from './lessons/lesson';

/** The store as a fresh page finds it, over a given storage. */
async function onPage(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  vi.resetModules();
  vi.stubGlobal('localStorage', storage);
  return import('./lessonProgress');
}

afterEach(() => vi.unstubAllGlobals());

const lesson = {
  id: 'one',
  steps: [{ kind: 'reading' }, { kind: 'task' }, { kind: 'question' }],
} as unknown as Lesson;
const answered = { asks: 'How many?', chosen: '1', right: '2', because: 'It is so.' };

test('what was done and answered is there on the next page; forgotten, it is not', async () => {
  const place = memoryStorage();
  const first = await onPage(place);
  first.pass('one', 1);
  first.answer('one', 3, answered);
  const second = await onPage(place);
  const progress = second.progressOf(second.useProgress.getState(), 'one');
  expect(progress).toEqual({ passed: [1, 3], answers: { 3: answered }, given: {}, said: {}, hands: {} });
  expect(second.passedOf(lesson, progress)).toBe(2);
  expect(second.nextStepOf(lesson, progress)).toBe(2);

  second.forgetAnswer('one', 3);
  const third = await onPage(place);
  expect(third.progressOf(third.useProgress.getState(), 'one')).toEqual({
    passed: [1],
    answers: {},
    given: {},
    said: {},
    hands: {},
  });
  third.forgetProgress();
  const fourth = await onPage(place);
  expect(fourth.useProgress.getState().lessons).toEqual({});
});

test('only reading is behind one by going on', async () => {
  const { goTo, progressOf, useProgress } = await onPage(memoryStorage());
  for (const at of [1, 2, 3]) goTo(lesson, at, at + 1);
  goTo(lesson, 1, 0);
  expect(progressOf(useProgress.getState(), 'one').passed).toEqual([1]);
});

test('an answer is kept as soon as it is given, and what a task gave as soon as it is done', async () => {
  const place = memoryStorage();
  const first = await onPage(place);
  first.give('one', 3, { asks: 'How many?', chosen: '1', about: 'here' });
  first.passTask('one', 2, 'It fell.');
  const second = await onPage(place);
  const at = () => second.progressOf(second.useProgress.getState(), 'one');
  expect(at()).toEqual({
    passed: [2],
    answers: {},
    given: { 3: { asks: 'How many?', chosen: '1', about: 'here' } },
    said: { 2: 'It fell.' },
    hands: {},
  });
  second.answer('one', 3, answered);
  expect(at()).toMatchObject({ passed: [2, 3], answers: { 3: answered }, given: {} });
  second.beginAgain('one');
  expect(at()).toMatchObject({ passed: [2, 3], said: {} });
});

test('in front of a class nothing of the teacher’s shows, and afterwards all of it is there again', async () => {
  const place = memoryStorage();
  const tab = memoryStorage();
  vi.stubGlobal('sessionStorage', tab);
  const first = await onPage(place);
  first.answer('one', 3, answered);
  first.beginClass(false);
  expect(first.useProgress.getState().lessons).toEqual({});
  first.putHands('one', 3, [{ answer: '1', count: 7 }]);
  first.answer('one', 3, { ...answered, chosen: '2' });
  // Begun twice is begun once: the own answers are not lost under the class's.
  first.beginClass(false);

  // Reloaded, the class goes on; the teacher's own answers were never overwritten.
  const second = await onPage(place);
  const at = () => second.progressOf(second.useProgress.getState(), 'one');
  expect(at().answers[3].chosen).toBe('1');
  second.beginClass(true);
  expect(at()).toMatchObject({ answers: { 3: { chosen: '2' } }, hands: { 3: [{ answer: '1', count: 7 }] } });
  second.endClass();
  second.endClass();
  expect(at()).toMatchObject({ answers: { 3: { chosen: '1' } }, hands: {} });

  // The next class begins with nothing, a reload in between or not.
  second.beginClass(true);
  expect(second.useProgress.getState().lessons).toEqual({});
  second.endClass();
  const third = await onPage(place);
  third.beginClass(false);
  expect(third.useProgress.getState().lessons).toEqual({});
});

test('what an earlier version of the page kept is read', async () => {
  const kept = JSON.stringify({ one: { passed: [1], answers: { 3: answered } } });
  const { progressOf, useProgress } = await onPage({ getItem: () => kept, setItem: () => {} });
  expect(progressOf(useProgress.getState(), 'one')).toMatchObject({ passed: [1], answers: { 3: answered } });
});

test.each(['', 'nonsense', '[]', '{"one":{"passed":["x"]}}', '{"one":7}'])(
  'what cannot be read is as if nothing had been done: %s',
  async (text) => {
    const { passedOf, progressOf, useProgress } = await onPage({ getItem: () => text, setItem: () => {} });
    expect(passedOf(lesson, progressOf(useProgress.getState(), 'one'))).toBe(0);
  },
);

test('where storage is blocked, progress lasts as long as the page', async () => {
  const blocked = () => {
    throw new Error('blocked');
  };
  const { pass, progressOf, useProgress } = await onPage({ getItem: blocked, setItem: blocked });
  pass('one', 2);
  expect(progressOf(useProgress.getState(), 'one').passed).toEqual([2]);
});
