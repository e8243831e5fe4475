/** `docs/what-reproduces.md`: every command in it exists, and what is cheap to check comes out as written. */
import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { parseRecipe } from '../src/lab/recipe/parse';
import { preset } from '../src/lab/recipe/presets';

const verbs = import.meta.glob<Record<string, (program: Command) => void>>('./verbs/*.ts', { eager: true });
const text = readFileSync('docs/what-reproduces.md', 'utf8');
const blocks = [...text.matchAll(/```(sh|text)\n([\s\S]*?)```/g)].map(([, kind, body]) => ({
  kind,
  lines: body.split('\n').filter((line) => line.trim() !== ''),
}));
const commands = blocks
  .filter(({ kind }) => kind === 'sh')
  .flatMap(({ lines }) => lines)
  .concat([...text.matchAll(/`(npm run -s lab -- [^`]+)`/g)].map(([, command]) => command))
  .map((line) => wordsOf(line));

/** The arguments of `npm run -s lab -- …`. */
function wordsOf(line: string): string[] {
  return line.replace('npm run -s lab -- ', '').split(' ');
}

function lab(): Command {
  const program = new Command('lab');
  // A verb has its file's name; a file beside them may be a part of one.
  for (const [file, module] of Object.entries(verbs)) module[file.slice('./verbs/'.length, -3)]?.(program);
  return program;
}

test('every command names a verb of the lab, with options that it has and arguments that exist', () => {
  expect(commands.length).toBeGreaterThan(15);
  for (const [name, ...args] of commands) {
    const verb = lab().commands.find((command) => command.name() === name)!;
    expect(verb, name).toBeDefined();
    const at = verb.commands.find((command) => command.name() === args[0]) ?? verb;
    for (const option of args.filter((arg) => arg.startsWith('--'))) {
      expect(
        at.options.map(({ long }) => long),
        `${name} ${option}`,
      ).toContain(option);
    }
    if (name === 'run' && existsSync(args[0])) parseRecipe(JSON.parse(readFileSync(args[0], 'utf8')));
    else if (name === 'run') preset(args[0]);
  }
});

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
      for (const line of lines) await lab().parseAsync(wordsOf(line), { from: 'user' });
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
