/** docs/in-class.md: what a teacher is told there is what the page has, all of it. */
import '../testing/noWorker';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PART_NAMES } from '../page/flags';
import { VIEW_NAMES, VIEWS } from '../page/view';
import { LESSONS } from './lessons';
import { PLAN } from './plan';

const text = readFileSync('docs/in-class.md', 'utf8');
const row = (key: string) => text.split('\n').find((line) => line.startsWith(`| ${key} `)) ?? '';

test('every view, every lesson and every part that can be hidden is named', () => {
  // Each in the link, and each with what a class sees there.
  expect(VIEWS.filter((view) => row(VIEW_NAMES[view]) === '')).toEqual([]);
  expect(VIEWS.filter((view) => !row('`view`').includes(`\`${view}\``))).toEqual([]);
  expect(PART_NAMES.filter((part) => !row('`hide=a,b,…`').includes(`\`${part}\``))).toEqual([]);
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('| `#lesson=') && !/^\| \d/.test(line));
  expect(lines).toHaveLength(LESSONS.length);
  for (const { id, title } of LESSONS)
    expect(lines.filter((line) => line.startsWith(`| ${title} | \`#lesson=${id}\``))).toHaveLength(1);
});

test('the plan takes its 45 minutes, one after the other, with the lessons that the sheet asks about', () => {
  const slots = text.split('\n').flatMap((line) => {
    const [, from, to, what] = /^\| (\d+)–(\d+) \| ([^|]+) \|/.exec(line) ?? [];
    return from ? [{ from: Number(from), to: Number(to), what }] : [];
  });
  expect(slots).toHaveLength(PLAN.length);
  let minute = 0;
  for (const [i, { from, to, what }] of slots.entries()) {
    expect([from, to - from]).toEqual([minute, PLAN[i].minutes]);
    const { lesson } = PLAN[i];
    if (lesson) expect(what).toContain(`#lesson=${lesson}`);
    else expect(what).not.toContain('#lesson=');
    minute = to;
  }
  expect(minute).toBe(45);
});

test('what a teacher presses is called as it is on the page', () => {
  const pages = ['Presented', 'PresentedStep', 'HandsForm', 'ScorePanel', 'LearnView', 'Sidebar']
    .map((name) => readFileSync(`src/app/learn/${name}.tsx`, 'utf8'))
    .join('\n');
  const pressed = [
    'Present',
    'Stop presenting',
    'Show the answer',
    'Show the measured one',
    'Again, with another class',
    'A sheet for the class, to print',
    'Try those again',
    'Copy the link for a neighbour',
  ];
  for (const name of pressed) {
    expect(text, name).toMatch(new RegExp(`\\*${name}\\*`));
    expect(pages, name).toMatch(new RegExp(`(>|'|^)\\s*${name}\\s*('|<|$)`, 'm'));
  }
});
