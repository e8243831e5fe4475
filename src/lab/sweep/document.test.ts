import { describe, expect, test } from 'vitest';
import { readSweeps, sweepsDocument, withCurves } from './document';
import { saysSweeps } from './kind';
import { runOf, sweepOf } from './testing/sweeps';

const trained = (epoch: number, accuracy: number) =>
  sweepOf(runOf('a', [{ state: 'running', epoch, epochs: 9, accuracy }, 'waiting']));

describe('statuses as a document', () => {
  test('comes back as it was written, the newest sweep first', () => {
    const older = sweepOf(runOf('a', ['done']), { id: 'older', made: '2026-11-27T07:00:00.000Z' });
    const document = sweepsDocument([older, trained(2, 0.5)], { reports: ['older'] });
    const text = JSON.stringify(document);
    expect(saysSweeps(text)).toBe(true);
    expect(readSweeps(text, 'status.json')).toEqual(document);
    expect(document.sweeps.map(({ id }) => id)).toEqual(['sweep-1', 'older']);
    expect(document.curves).toEqual({ 'a/0': [[2, 0.5]] });
  });

  test.each([
    ['no JSON', '{', 'is not JSON'],
    ['something else', '{"stages":[]}', 'is no status of a sweep'],
    ['nothing', 'null', 'is no status of a sweep'],
    ['another version', '{"kind":"orbit-lab sweeps","version":2}', 'is a status of version 2'],
    [
      'damaged',
      '{"kind":"orbit-lab sweeps","version":1,"at":"now","sweeps":[{}]}',
      'is a damaged status: "sweeps.0',
    ],
  ])('%s is refused in words', (_, text, words) => {
    expect(() => readSweeps(text, 'mine.json')).toThrow(`mine.json ${words}`);
  });

  test('a report of the lab says that it is none', () =>
    expect(saysSweeps('{"kind":"orbit-lab report","version":1}')).toBe(false));

  test('texts are plain lines', () => {
    const [job] = runOf('a', [{ state: 'failed', reason: 'no\u001b[31m\u202e way' }]);
    const { sweeps } = readSweeps(JSON.stringify(sweepsDocument([sweepOf([job])])), 'status.json');
    expect(sweeps[0].jobs[0].reason).toBe('no [31m way');
  });
});

describe('curves', () => {
  test('grow by what newer statuses say, in the order of epochs, and stay the same value where that is nothing', () => {
    const first = withCurves({}, [trained(2, 0.5)]);
    const second = withCurves(first, [trained(4, 0.75)]);
    expect(second).toEqual({
      'a/0': [
        [2, 0.5],
        [4, 0.75],
      ],
    });
    expect(withCurves(second, [trained(4, 0.75)])).toBe(second);
    // Lost to another worker, which begins anew.
    expect(withCurves(second, [trained(1, 0.25)])['a/0'].map(([epoch]) => epoch)).toEqual([1, 2, 4]);
    expect(first['a/0']).toHaveLength(1);
  });

  test('of a task they are of the loss', () => {
    const sweep = sweepOf(runOf('a', [{ state: 'done', epoch: 2, epochs: 2, loss: 1.5 }]));
    expect(withCurves({}, [sweep])).toEqual({ 'a/0': [[2, 1.5]] });
  });

  test('before the first epoch, and of what is no training, there is none', () => {
    expect(
      withCurves({}, [trained(0, 0.1), sweepOf(runOf('a', [{ state: 'done', accuracy: 0.5 }]))]),
    ).toEqual({});
  });
});
