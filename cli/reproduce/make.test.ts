/** A small table from end to end: real processes, their folders, and what a report says of them. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packedParts } from '../../src/lab/data/readers/packed';
import { BadInput } from '../../src/lab/errors';
import { cellInWords } from '../../src/lab/reproduce/cellWords';
import { QUESTIONS } from '../../src/lab/reproduce/questions';
import { type Report, reportSchema } from '../../src/lab/reproduce/report';
import { adaptingTable, studyTable, tinyTable } from '../../src/lab/testing/reproduction';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { Unfinished } from './jobs';
import { makeReport } from './make';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-reproduce-'));
const at = (...names: string[]): string => path.join(top, ...names);
const lab = [process.execPath, path.resolve('scripts/lab.mjs')];

afterAll(() => rm(top, { recursive: true }));
beforeAll(() => writeFile(at('tiles.tiles'), packedParts(tinyDataset(15))));

async function make(out: string, more: object = {}) {
  const said: string[] = [];
  const order = {
    ...{ table: tinyTable, scale: 'small' as const, seeds: [1, 2], out: at(out), lab },
    given: { eurosat: at('tiles.tiles') },
    command: 'npm run -s lab -- reproduce tiny',
    say: (line: string) => void said.push(line),
    ...more,
  };
  return { ...(await makeReport(order)), said };
}

/** Everything in a report's folder but the date. */
async function dateless(out: string): Promise<Record<string, string>> {
  const folder = at(out, 'table-2-small');
  const texts = (await readdir(folder)).sort().map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return [name, text.replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, 'date')];
  });
  return Object.fromEntries(await Promise.all(texts));
}

test('runs, reports, and reports the same again without running anything', async () => {
  const first = await make('one');
  expect(first.said.filter((line) => line.endsWith('started'))).toHaveLength(4);
  const report = reportSchema.parse(JSON.parse(await readFile(at('one/table-2-small/report.json'), 'utf8')));
  expect(report).toEqual(first.report);
  const [{ rows, data }] = report.sections;
  expect(data.splits).toEqual({ train: 27, val: 9, test: 9 });
  for (const { lab, id } of rows) {
    expect(lab.accuracy.values, id).toHaveLength(2);
    // 8-bit integers per batch may tie, but nothing of an orbit net may change its mind.
    if (id !== 'plain') expect(lab.agreement.values, id).toEqual([1, 1]);
    expect(lab.paired === null).toBe(id === 'whole');
  }
  const row = (id: string) => rows.find((each) => each.id === id)!;
  expect(row('int8').lab.bytes).toBeLessThan(row('tuned').lab.bytes);
  expect(row('tuned').lab.bytes).toBeLessThan(row('whole').lab.bytes);
  const { difference, gained, lost } = row('misaligned').lab.paired!;
  expect(difference.mean).toBeCloseTo((gained - lost) / (2 * data.splits.test), 12);
  expect(difference.mean).toBeCloseTo(
    row('misaligned').lab.accuracy.mean - row('whole').lab.accuracy.mean,
    12,
  );
  expect(report.environment.backend).toBe('wasm');
  expect(report.wallSeconds).toBeGreaterThan(0);
  const splits = JSON.parse(await readFile(at('one/table-2-small/splits.json'), 'utf8'));
  expect(splits.eurosat.test).toHaveLength(9);

  const before = await dateless('one');
  const again = await make('one');
  expect(again.said).toEqual([]);
  expect(await dateless('one')).toEqual(before);
  expect(Object.keys(before)).toEqual(['pipeline.svg', 'report.json', 'report.md', 'splits.json']);
  for (const text of Object.values(before)) expect(text).not.toContain(top);
}, 300_000);

test('a process that is killed costs nothing that was finished; the same order again goes on', async () => {
  // Ends itself and the lab it started when the second epoch of one seed is done, once.
  await writeFile(
    at('killer.mjs'),
    `import { spawn } from 'node:child_process';
     import { existsSync, writeFileSync } from 'node:fs';
     const [node, ...args] = [...${JSON.stringify(lab)}, ...process.argv.slice(2)];
     const child = spawn(node, args, { stdio: ['ignore', 'inherit', 'pipe'], detached: true });
     const kill = args.join().includes('tiny-orbit-small-seed2') && !existsSync(${JSON.stringify(at('killed'))});
     child.stderr.on('data', (text) => {
       process.stderr.write(text);
       if (!kill || !String(text).includes('"epoch":2')) return;
       writeFileSync(${JSON.stringify(at('killed'))}, '');
       process.kill(-child.pid, 'SIGKILL');
       process.kill(process.pid, 'SIGKILL');
     });
     child.on('close', (code) => process.exit(code ?? 1));`,
  );
  // Of a table already made, one seed is yet to be run.
  await cp(at('one/runs'), at('two/runs'), { recursive: true });
  for (const run of ['tiny-orbit', 'tiny-plain'])
    await rm(at(`two/runs/${run}-small-seed2`), { recursive: true });
  const killing = { lab: [process.execPath, at('killer.mjs')] };
  const error = await make('two', killing).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Unfinished);
  expect(error.message).toMatch(
    /1 of 4 runs did not finish, such as tiny-orbit, seed 2 \(ended by SIGKILL\)/,
  );
  expect(error.message).toMatch(/the same command again goes on/);
  expect(existsSync(at('two/table-2-small'))).toBe(false);

  const { said, report } = await make('two', killing);
  expect(said.filter((line) => line.endsWith('started'))).toEqual(['tiny-orbit, seed 2: started']);
  expect(said.filter((line) => line.includes('epoch 1 of 3'))).toEqual([]);
  expect(timeless(report)).toEqual(timeless((await make('one')).report));
}, 300_000);

test('a study: every cell measured on the same tiles, its bytes those of its file, its findings told', async () => {
  const { report } = await make('study', { table: studyTable, seeds: [1] });
  const [{ cells = [], findings = [], data }] = report.sections;
  const text = await readFile(at('study/trunk-small/report.md'), 'utf8');
  expect(cells.map(({ units }) => units).filter((units) => units === 'fields')).toHaveLength(3 * 2 + 1);
  for (const cell of cells) {
    expect(cell.lab.accuracy.values).toHaveLength(1);
    const { difference, gained, lost } = cell.lab.paired!;
    expect(difference.mean).toBeCloseTo((gained - lost) / data.splits.test, 12);
    if (cell.units === 'channels') continue;
    expect(cell.lab.agreement.values, cellInWords(cell)).toEqual([1]);
    expect(cell.convParams!.after).toBeLessThanOrEqual(cell.convParams!.before);
    expect(cell.speed!.ratio.mean).toBeGreaterThan(0);
  }
  expect(findings).toHaveLength(QUESTIONS.length);
  for (const { title, sentence } of findings) {
    expect(text).toContain(`- **${title}.**`);
    expect(text).toContain(sentence);
  }
}, 300_000);

test('a run begins with the network that another run left, and its order and R are told', async () => {
  const soFar = await make('adapt', { table: adaptingTable, soFar: true }).catch((thrown) => thrown);
  expect(soFar.message).toMatch(/Nothing of adapt has been made/);
  const { report, said } = await make('adapt', { table: adaptingTable, seeds: [1] });
  expect(said.filter((line) => line.endsWith('started'))).toHaveLength(2);
  const [{ rows, findings = [] }] = report.sections;
  const [, adapted] = rows.map(({ lab }) => lab);
  expect(adapted.discrepancies!.logits!.values).toHaveLength(1);
  expect(adapted.discrepancies!.features).toBeNull();
  // Of one seed nothing is told of the kind; which of both is nearer stands there.
  expect(rows[1].verdict.reproduces).toBe(null);
  expect(rows[1].verdict.sentence).toContain('one seed tells nothing of the kind');
  expect(rows[1].remarks[0]).toMatch(/^Seed 1: λ = 10? of 2 by folds/);
  expect(findings).toHaveLength(1);
  const text = await readFile(at('adapt/adapt-small/report.md'), 'utf8');
  expect(text).toContain('| distance from equivariant, R | of the logits |');
  expect(text).toContain(findings[0].sentence);
  expect((await make('adapt', { table: adaptingTable, seeds: [1] })).said).toEqual([]);
}, 300_000);

test('what cannot be run is said in one sentence, before anything is written', async () => {
  const refused = async (more: object) => {
    const error = await make('never', more).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(BadInput);
    expect(existsSync(at('never'))).toBe(false);
    return error.message;
  };
  expect(await refused({ given: { eurosat: at('nowhere') } })).toMatch(/eurosat cannot be read: .*nowhere/);
  expect(await refused({ given: { cifar10: at('tiles.tiles') } })).toMatch(/needs no data set "cifar10"/);
  const table = {
    ...tinyTable,
    runs: () => tinyTable.runs('small').map((run) => ({ ...run, data: 'absent' })),
  };
  expect(await refused({ given: {}, table })).toMatch(
    /needs the data set "absent", which is not here: .*data fetch absent.*data import <path> absent.*--data absent=/,
  );
});

const timeless = (report: Report): unknown =>
  JSON.parse(
    JSON.stringify(report, (key, value) =>
      ['seconds', 'made', 'wallSeconds', 'environment'].includes(key) ? 0 : value,
    ),
  );

test('by folds every tile is tested once with every seed, and the same again runs nothing', async () => {
  await expect(make('folds', { table: studyTable, folds: 2 })).rejects.toThrow(/cannot be made by folds/);
  const { report, files, said } = await make('folds', { table: tinyTable, folds: 2 });
  expect(said.filter((line) => line.endsWith('started'))).toHaveLength(2 * 2 * 2);
  expect(files[0]).toContain('table-2-small-folds2');
  const [{ rows, data, notes }] = report.sections;
  expect(data.splits.test).toBe(45);
  expect(notes![0]).toMatch(/^By 2 folds: every tile/);
  const [difference] = rows.find(({ id }) => id === 'plain')!.told!;
  expect(difference).toMatchObject({ tiles: 45, seeds: 2, folds: 2 });
  const paired = rows.find(({ id }) => id === 'plain')!.lab.paired!;
  expect((paired.gained - paired.lost) / 90).toBeCloseTo(difference.difference, 12);
  expect((await make('folds', { table: tinyTable, folds: 2 })).said).toEqual([]);
});
