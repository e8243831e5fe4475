/** `docs/what-reproduces.md`: what is cheap to check comes out as written. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { commandsIn, lab } from './testing/commands';

const text = readFileSync('docs/what-reproduces.md', 'utf8');
const blocks = [...text.matchAll(/```(sh|text)\n([\s\S]*?)```/g)].map(([, kind, body]) => ({
  kind,
  lines: body.split('\n').filter((line) => line.trim() !== ''),
}));

test('what describe prints is what the page says', async () => {
  let checked = 0;
  for (const [i, { kind, lines }] of blocks.entries()) {
    if (kind !== 'sh' || !lines.every((line) => line.includes(' describe '))) continue;
    let printed = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
      printed += piece;
      return true;
    });
    try {
      for (const words of commandsIn(lines.join('\n'))) await lab().parseAsync(words, { from: 'user' });
    } finally {
      write.mockRestore();
    }
    const words = (line: string) => line.trim().split(/\s+/).join(' ');
    const all = printed.split('\n').map(words);
    for (const line of blocks[i + 1].lines) {
      expect(all).toContain(words(line));
      checked++;
    }
  }
  expect(checked).toBe(10);
});

test('every sum and product in the text is right, to the digits written', () => {
  const sums = [...text.matchAll(/([\d,.]+) ([×/]) ([\d,.]+) = ([\d,.]*\d)/g)];
  expect(sums.length).toBe(4);
  const number = (written: string) => Number(written.replaceAll(',', ''));
  for (const [whole, a, sign, b, result] of sums) {
    const decimals = result.split('.')[1]?.length ?? 0;
    const value = sign === '×' ? number(a) * number(b) : number(a) / number(b);
    expect(value.toFixed(decimals), whole).toBe(result.replaceAll(',', ''));
  }
  // Of 1,048,576 bytes: 2.03 MB, 0.25 MB, and what that saves.
  const [float, int8] = [(532_066 * 4) / 2 ** 20, 263_905 / 2 ** 20];
  expect([float.toFixed(2), int8.toFixed(2), (100 * (1 - int8 / float)).toFixed(1)]).toEqual([
    '2.03',
    '0.25',
    '87.6',
  ]);
});
