/** Commands of the lab as documents print them, held against the verbs that there are. For tests. */
import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseRecipe } from '../../src/lab/recipe/parse';
import { preset } from '../../src/lab/recipe/presets';

const verbs = import.meta.glob<Record<string, (program: Command) => void>>(
  ['../verbs/*.ts', '!../verbs/*.test.ts'],
  {
    eager: true,
  },
);

/** The program with every verb. */
export function lab(): Command {
  const program = new Command('lab');
  // A verb has its file's name, but `export`, which is a word of the language; a file beside them may be a part of one.
  for (const [file, module] of Object.entries(verbs)) {
    const name = file.slice('../verbs/'.length, -3);
    module[name === 'export' ? 'exportNetwork' : name]?.(program);
  }
  return program;
}

/** The arguments of every `npm run -s lab -- …` in a text, comments behind it left out. */
export function commandsIn(text: string): string[][] {
  const written = text.matchAll(/npm run -s lab -- ([^`\n#]+)/g);
  return [...written].map(([, command]) => command.trim().split(/\s+/));
}

/** What is wrong with a command: its verb, an option, the number of its arguments, a preset or recipe; null: nothing. */
export function faultOf([verbName, ...args]: readonly string[]): string | null {
  const verb = lab().commands.find((command) => command.name() === verbName);
  if (!verb) return `there is no verb "${verbName}"`;
  const part = verb.commands.find((command) => command.name() === args[0]);
  if (verb.commands.length > 0 && !part) return `"${verbName}" has no "${args[0]}"`;
  const at = part ?? verb;
  const name = part ? `${verbName} ${args[0]}` : verbName;
  const given = part ? args.slice(1) : args;
  const operands: string[] = [];
  for (const [i, arg] of given.entries()) {
    const before = given[i - 1];
    const known = at.options.find(({ long }) => long === arg);
    if (arg.startsWith('--') && !known) return `"${name}" has no option ${arg}`;
    const takes = at.options.find(({ long }) => long === before);
    if (!arg.startsWith('--') && !takes?.required) operands.push(arg);
  }
  const needed = at.registeredArguments.filter(({ required }) => required).length;
  const most = at.registeredArguments.some(({ variadic }) => variadic)
    ? Infinity
    : at.registeredArguments.length;
  if (operands.length < needed || operands.length > most) return `"${name}" takes other arguments`;
  for (const { long, mandatory } of at.options) {
    if (mandatory && !args.includes(long!)) return `"${name}" needs ${long}`;
  }
  if (name === 'run' && existsSync(operands[0])) parseRecipe(JSON.parse(readFileSync(operands[0], 'utf8')));
  else if (name === 'run' && !operands[0].endsWith('.json')) preset(operands[0]);
  return null;
}
