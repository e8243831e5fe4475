/** A small task from data to report, ended in between and gone on with. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTaskReport, type TaskReport } from '../../src/lab/tasks/report';
import { lab } from '../testing/lab';
import { drawTask, makeTask } from './makeTask';
import { KEPT, smallTask } from './testing/smallTask';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-task-'));
afterAll(() => rm(top, { recursive: true }));

const small = smallTask({ fresh: 2, goingOn: 2 });
const [, , LAMBDA] = KEPT;

async function make(out: string, endAt?: string) {
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
    if (endAt && line.includes(endAt)) throw new Error('ended here');
  };
  const order = { task: small, scale: 'tiny' as const, seeds: [1], out: path.join(top, out), quiet: true };
  const made = await makeTask({ ...order, command: 'lab reproduce fluids', say }).catch(
    (error) => error.message,
  );
  return { said, made: made as { report: TaskReport; files: string[] } };
}

const timeless = (report: TaskReport): unknown =>
  JSON.parse(
    JSON.stringify(report, (key, value) =>
      ['seconds', 'made', 'wallSeconds', 'environment'].includes(key) ? 0 : value,
    ),
  );

test('a task is made, gone on with where it ended, and its report drawn from its JSON', async () => {
  const whole = await make('whole');
  expect(whole.said).toEqual([
    ...KEPT.map((id) => `seed 1: ${id}, 2 of 2 epochs`),
    'seed 1: measured on the test part',
  ]);
  expect(whole.made.files.map((file) => path.basename(file)).sort()).toEqual([
    'fields.svg',
    'measures.svg',
    'report.json',
    'report.md',
    'rollout.svg',
  ]);
  const { report } = whole.made;
  const [still, plain, tuned, adapted] = report.rows;
  expect(still.figures.step.mean).toBeGreaterThan(0);
  expect(still.figures.divergence.mean).toBeLessThan(1e-5);
  expect(plain.curves.rollout.mean).toHaveLength(20);
  expect(plain.figures.step.values).not.toEqual(tuned.figures.step.values);
  expect(adapted.figures.turns.mean).not.toBe(tuned.figures.turns.mean);
  expect(tuned.seconds!.mean).toBeGreaterThan(plain.seconds!.mean);

  const [{ size, columns, rows }] = report.sheets!;
  expect([size, columns.length, rows.map(({ label }) => label)]).toEqual([
    ...[16, 4],
    ['the solver', ...[plain, tuned, adapted].map(({ label }) => label)],
  ]);
  for (const { grids } of rows) {
    for (const grid of grids) expect(new Set(grid).size).toBeGreaterThan(3);
  }

  // Ended before the last training, and a checkpoint damaged, which is set aside: those two are made, the rest is kept, and
  // the numbers are the same.
  expect((await make('cut', 'λ 1')).made).toBe('ended here');
  const folder = path.join(top, 'cut', 'runs', 'fluids-tiny', 'seed-1');
  const [file] = (await readdir(folder)).filter((name) => name.includes('fine-tuned'));
  await writeFile(path.join(folder, file), 'no checkpoint');
  const again = await make('cut');
  expect(again.said.slice(0, -1)).toEqual(
    ['plain, fine-tuned', LAMBDA].map((id) => `seed 1: ${id}, 2 of 2 epochs`),
  );
  expect(timeless(again.made.report)).toEqual(timeless(report));
  expect(await readdir(folder)).toContain(`${file}.damaged`);

  // `lab redraw` knows the kind of report.
  expect(await lab('redraw', path.join(top, 'cut', 'fluids-tiny'))).toMatchObject({ code: 0, err: '' });
  // What is drawn is drawn of the JSON, and is a picture with a word for each row.
  const target = path.join(top, 'whole', 'fluids-tiny');
  const text = await readFile(path.join(target, 'report.json'), 'utf8');
  for (const [name, content] of await drawTask(readTaskReport(text, 'report.json')!)) {
    expect(content, name).toBe(await readFile(path.join(target, name), 'utf8'));
    if (!name.endsWith('.svg')) continue;
    for (const { label, id } of report.rows) if (id !== 'still') expect(content).toContain(label);
    expect(content).not.toMatch(/NaN|undefined/);
    expect(content.match(/</g)!.length).toBe(content.match(/>/g)!.length);
  }
}, 300_000);
