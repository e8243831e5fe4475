/** docs/glossary.md: all that links to an entry finds it, and the code that entries name is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anchorOf, TERMS } from './glossary';

const text = readFileSync('docs/glossary.md', 'utf8');
const entries = text.split(/^### /m).slice(1);
const anchors = entries.map((entry) => anchorOf(entry.split('\n')[0]));

test('every entry that the page leads to is there, and nothing leads nowhere', () => {
  expect(anchors.length).toBeGreaterThan(40);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(TERMS.filter((term) => !anchors.includes(term))).toEqual([]);
  const linked = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  for (const file of ['README.md', 'CONTRIBUTING.md', 'docs/recipes.md'].filter((each) => existsSync(each))) {
    const links = readFileSync(file, 'utf8').matchAll(/glossary\.md#([\w-]+)/g);
    linked.push(...[...links].map(([, anchor]) => anchor));
  }
  expect(linked.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test('every entry that can be led to is led to by some explanation', () => {
  const page = readdirSync('src/app', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(`src/app/${file}`, 'utf8'))
    .concat(readFileSync('src/state/words/stagesTable.ts', 'utf8'))
    .join('\n');
  const isUsed = (term: string) => page.includes(`term="${term}"`) || page.includes(`term: '${term}'`);
  expect(TERMS.filter((term) => !isUsed(term))).toEqual([]);
});

test('entries are short, and name files that exist', () => {
  for (const entry of entries) {
    const [heading, ...lines] = entry.split(/\n(?=## )/)[0].split('\n');
    const words = lines.join(' ').split(' Code: ')[0];
    expect(words.match(/[.:?](?= |$)/g)?.length ?? 0, heading).toBeLessThanOrEqual(6);
    expect(words.trim().length, heading).toBeGreaterThan(40);
  }
  const files = [...text.matchAll(/`(src\/[\w./-]+)`/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
