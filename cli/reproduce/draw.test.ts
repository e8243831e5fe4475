/** What is drawn of a report: the reports that are shipped are what the code draws of their data. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { accuracyDots } from '../../src/lab/reproduce/dots';
import { readReport } from '../../src/lab/reproduce/open';
import { readTaskReport } from '../../src/lab/tasks/report';
import { drawReport } from './draw';
import { drawTask } from './makeTask';
import { sectionChart } from './sectionChart';

const REPORTS = 'docs/reports';
const folders = readdirSync(REPORTS).filter((name) => existsSync(path.join(REPORTS, name, 'report.json')));
const reportIn = (folder: string) => {
  const file = path.join(REPORTS, folder, 'report.json');
  return readReport(readFileSync(file, 'utf8'), file);
};

test('there are reports to look at', () => expect(folders.length).toBeGreaterThan(3));

test.each(folders)('%s: its text and charts are what `lab redraw` writes', async (folder) => {
  const drawn = await drawReport(reportIn(folder));
  const charts = readdirSync(path.join(REPORTS, folder)).filter((name) => /\.(svg|md)$/.test(name));
  expect([...drawn.keys()].sort()).toEqual(charts.sort());
  for (const [name, content] of drawn) {
    expect(content, name).toBe(readFileSync(path.join(REPORTS, folder, name), 'utf8'));
  }
});

const TASKS = path.join(REPORTS, 'tasks');
const tasks = readdirSync(TASKS).filter((name) => existsSync(path.join(TASKS, name, 'report.json')));

test.each(tasks)('the task %s: its text and pictures are what `lab redraw` writes', async (folder) => {
  const read = (name: string) => readFileSync(path.join(TASKS, folder, name), 'utf8');
  const drawn = await drawTask(readTaskReport(read('report.json'), folder)!);
  const pictures = readdirSync(path.join(TASKS, folder)).filter((name) => /\.(svg|md)$/.test(name));
  expect([...drawn.keys()].sort()).toEqual(pictures.sort());
  for (const [name, content] of drawn) expect(content, name).toBe(read(name));
});

test('a chart has a dot for each seed and panel, a mark for each figure of others, and all lie on their scales', async () => {
  const [section] = reportIn('table-2-small').sections;
  section.rows[0].label = 'A < B & "C"';
  const svg = await sectionChart(section);
  const count = (pattern: RegExp) => svg.match(pattern)?.length ?? 0;
  const dots = accuracyDots(section);
  const seeds = dots.flatMap(({ values }) => values).length;
  const ofOthers = (source: 'paper' | 'reference') => dots.filter((row) => row[source] !== undefined).length;
  // Each has one more in the legend.
  expect(count(/<path d="M-5 0a5/g)).toBe(2 * seeds + 1);
  expect(count(/<path d="M0-6\.2/g)).toBe(ofOthers('paper') + 1);
  expect(count(/<path d="M-4\.5-4\.5/g)).toBe(ofOthers('reference') + 1);
  const places = [...svg.matchAll(/<svg x="([-\d.]+)%"/g)].map(([, place]) => Number(place));
  expect(places.length).toBe(2 * seeds + 2 * dots.length + ofOthers('paper') + ofOthers('reference'));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThanOrEqual(100);
  expect(svg).toContain('A &lt; B &amp; &quot;C&quot;');
  expect(svg).toMatch(/prefers-color-scheme: dark/);
  expect(svg).toContain('test accuracy, %');
  expect(count(/</g)).toBe(count(/>/g));
});
