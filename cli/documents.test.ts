/** Every command that a document prints is one that the lab takes, and every file that a document names is there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsIn, faultOf } from './testing/commands';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'datasets/README.md',
  'docs/glossary.md',
  'docs/in-class.md',
  'docs/networks-in.md',
  'docs/recipes.md',
  'docs/reports/README.md',
  'docs/sweeps.md',
  'docs/what-reproduces.md',
];

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8');

  test('prints commands that there are', () => {
    const faults = commandsIn(text).map((command) => {
      const fault = faultOf(command);
      return fault && `${command.join(' ')}: ${fault}`;
    });
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  test('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const named = [...text.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(name in scripts) && !['run', 'install', 'ci'].includes(name))).toEqual(
      [],
    );
  });

  test('leads to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) =>
      path.join(path.dirname(document), to),
    );
    const named = [...text.matchAll(/`((?:src|cli|scripts|docs|e2e|bench)\/[\w./-]+)`/g)].map(
      ([, file]) => file,
    );
    expect([...links, ...named].filter((file) => !existsSync(file))).toEqual([]);
  });
});

test('that is a good many commands', () => {
  const all = DOCUMENTS.flatMap((document) => commandsIn(readFileSync(document, 'utf8')));
  expect(all.length).toBeGreaterThan(50);
});

describe('a command that is wrong is found', () => {
  test.each([
    ['fly away', 'there is no verb "fly"'],
    ['data lose x', '"data" has no "lose"'],
    ['train c4 --data synthetic --out x --speed 3', '"train" has no option --speed'],
    ['train c4 --data synthetic', '"train" needs --out'],
    ['train c4 c4-twin --data synthetic --out x', '"train" takes other arguments'],
    ['data import x', '"data import" takes other arguments'],
  ])('%s', (command, fault) => {
    expect(faultOf(command.split(' '))).toBe(fault);
  });

  test('a preset that there is not', () => {
    expect(() => faultOf('run c5 --data synthetic --out x'.split(' '))).toThrow(/no preset "c5"/);
  });
});
