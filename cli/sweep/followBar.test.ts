import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runOf, type Wish } from '../../src/lab/sweep/testing/sweeps';
import { barLine, createBar } from './followBar';

const running = runOf('transformer with a very long name, group D4, seed 1', [
  { state: 'running', epoch: 3, epochs: 14, worker: 'alpha-1234' },
]);
const failed = runOf('c4, seed 1', Array<Wish>(16).fill('failed'));
const shown = { running, failed, left: 7500 };

describe('the line of a followed sweep', () => {
  test('at 60 columns tells how many, what failed and how long it takes; at 80 what runs as well', () => {
    expect(barLine(1200, 2521, shown, 59)).toMatch(
      /^█+░+ 1200 of 2521 \| 1 failed, 15 need it \| 2 h 5 min left/,
    );
    expect(barLine(12, 48, { ...shown, failed: [] }, 79)).toMatch(
      /^[█░]{15} 12 of 48 \| 2 h 5 min left \| transformer with .*…$/,
    );
  });

  test('has a bar of 30 columns where there is room, and none where there is not even for the words', () => {
    expect(barLine(24, 48, shown, 199)).toMatch(
      /^█{15}░{15} 24 of 48 .*: train, epoch 3 of 14 \(alpha-1234\)$/,
    );
    expect(barLine(1200, 2521, shown, 30)).toBe('1200 of 2521 | 1 failed, 15 n…');
  });

  test('what nobody can tell is left out', () =>
    expect(barLine(0, 2, { running: [], failed: [], left: null }, 59)).toMatch(
      /^░{11} 0 of 2 \| nothing runs$/,
    ));

  test('is never wider than it may be, whatever is told', () =>
    fc.assert(
      fc.property(
        fc.nat(3000),
        fc.nat(3000),
        fc.integer({ min: 2, max: 250 }),
        fc.string(),
        (one, other, width, run) => {
          const line = barLine(
            Math.min(one, other),
            Math.max(one, other),
            { ...shown, running: runOf(run, ['running']) },
            width,
          );
          expect([...line].length).toBeLessThanOrEqual(width);
        },
      ),
    ));
});

test('on a terminal it is drawn within its columns, above it is said what comes, and it leaves the cursor', async () => {
  let text = '';
  const stream = { isTTY: true, columns: 60, write: (each: string) => (text += each) };
  const bar = createBar(false, 48, stream);
  bar.show(12, shown);
  bar.aside(() => stream.write('c4, seed 1: train failed\n'));
  bar.show(13, shown);
  bar.stop();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the signs that steer a terminal.
  const lines = text.replace(/\u001b\[[?\d;]*[a-zA-Z]/g, '\r').split(/[\r\n]+/);
  expect(lines.some((line) => /13 of 48 \| 1 failed, 15 need it \| 2 h 5 min left/.test(line))).toBe(true);
  for (const line of lines) expect(line.length).toBeLessThan(60);
  expect(text).toContain('\r\u001b[Kc4, seed 1: train failed\n');
  expect(text.indexOf('\u001b[?25h')).toBeGreaterThan(text.indexOf('\u001b[?25l'));
  expect(text.endsWith('\n')).toBe(true);
});

test('where nobody watches nothing is drawn, and what is said is said', () => {
  let text = '';
  const stream = { write: (each: string) => (text += each) };
  const bar = createBar(false, 2, stream);
  bar.show(1, shown);
  bar.aside(() => stream.write('said\n'));
  bar.stop();
  expect(text).toBe('said\n');
});
