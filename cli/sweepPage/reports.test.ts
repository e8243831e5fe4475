import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportOf } from './reports';

const ASKED =
  'npm run -s lab -- reproduce table-2 --scale small --seeds 2 --data eurosat=tiles.zip --out reports';
const [MADE, LATER] = ['2026-11-28T08:00:00.000Z', '2026-11-28T09:00:00.000Z'];

let top: string;
beforeAll(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'orbit-reports-'));
  for (const [name, text] of [
    ['table-2-small', JSON.stringify({ command: ASKED, made: LATER })],
    ['table-4-small', '{ not whole'],
    ['fluids-tiny', JSON.stringify({ command: 'lab reproduce fluids --out reports', made: LATER })],
  ]) {
    await mkdir(path.join(top, name));
    await writeFile(path.join(top, name, 'report.json'), text);
  }
});
afterAll(() => rm(top, { recursive: true }));

test('however the command was typed, its report is found by what the sweep says of it', async () => {
  const typed =
    'npm run -s lab -- reproduce --on redis://host --store /srv --data=eurosat=/x/tiles.zip table-2 --out x';
  const found = await reportOf({ command: typed, report: ASKED, made: MADE }, top);
  expect(JSON.parse(found!)).toEqual({ command: ASKED, made: LATER });
  for (const other of [
    { report: `${ASKED} --so-far` },
    { report: ASKED.replace('--seeds 2', '--seeds 5') },
    // It was there before the sweep was.
    { report: ASKED, made: '2026-11-28T10:00:00.000Z' },
  ])
    expect(await reportOf({ command: `${ASKED} --on redis://host`, made: MADE, ...other }, top)).toBeNull();
});

test('of a sweep of an earlier version, where the command was typed as the report has it', async () => {
  expect(
    await reportOf({ command: `${ASKED} --on redis://host --store /srv`, made: MADE }, top),
  ).not.toBeNull();
  expect(await reportOf({ command: ASKED, made: MADE }, top)).not.toBeNull();
  expect(
    await reportOf({ command: 'npm run -s lab -- run a.json --on redis://host', made: MADE }, top),
  ).toBeNull();
  expect(await reportOf({ command: ASKED, made: MADE }, path.join(top, 'nowhere'))).toBeNull();
});
