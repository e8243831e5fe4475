/** docs/in-class.md: what a teacher is told there is what the page has, all of it. */
import '../testing/noWorker';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PART_NAMES } from '../page/flags';
import { VIEWS } from '../page/view';
import { LESSONS } from './lessons';

const text = readFileSync('docs/in-class.md', 'utf8');
const row = (key: string) => text.split('\n').find((line) => line.startsWith(`| ${key} `)) ?? '';

test('every view, every lesson and every part that can be hidden is named', () => {
  expect(VIEWS.filter((view) => !row('`view`').includes(`\`${view}\``))).toEqual([]);
  expect(PART_NAMES.filter((part) => !row('`hide=a,b,…`').includes(`\`${part}\``))).toEqual([]);
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('#lesson='));
  expect(lines).toHaveLength(LESSONS.length);
  for (const { id, title } of LESSONS)
    expect(lines.filter((line) => line.startsWith(`| ${title} | \`#lesson=${id}\``))).toHaveLength(1);
});
