/**
 * `npm test`: everything, from a fresh clone. Installs what is missing, runs every suite to its end even where one
 * fails, and closes with a table and one line of totals. `npm test -- --thorough` takes its time: more cases of each
 * property, every numeric suite on WebGPU too, walks that are once more of the same, Chromium among the engines.
 *
 * The suites that need a browser take the Chromium named by LAB_CHROMIUM, one that is installed, or one that can be
 * installed; `LAB_SKIP_E2E=1` leaves them out by name. Firefox and WebKit are tested where they are installed, and else
 * skipped by name.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium, installChromium } from './chromium.mjs';
import { ensureKernels } from './kernels.mjs';
import { ensureInstalled, requireNode, root } from './setup.mjs';
import { countPlaywright, countVitest } from './testReports.mjs';

requireNode();
ensureInstalled();

const reports = path.join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const isThorough = process.argv.includes('--thorough') || process.env.VITE_LAB_THOROUGH === '1';

const skipBrowsers = process.env.LAB_SKIP_E2E === '1';
const chromium = skipBrowsers ? undefined : (findChromium() ?? installChromium());
if (!skipBrowsers && !chromium) {
  console.error(
    'No Chromium was found and none could be installed: name one in LAB_CHROMIUM, or leave the browser suites out with LAB_SKIP_E2E=1.',
  );
}

/**
 * Every suite: what Node runs for it, and who reads its report. What drives a browser leaves the cores idle for much of its
 * time, and takes badly to a busy machine (WebKit most of all): the rest stands back for it and takes what it leaves. What
 * stands back is shown when it has ended. The emulated GPU is busy on one core: it runs beside what fills both.
 */
const build = { name: 'build', command: ['scripts/buildAll.mjs'] };
const e2e = { name: 'e2e', command: playwright('e2e'), count: countPlaywright, browser: true };
const engines = {
  name: 'engines',
  // Chromium walks through all of e2e.
  command: [...playwright('e2e/engines'), ...(isThorough ? [] : ['--project=firefox', '--project=webkit'])],
  count: countPlaywright,
  browser: true,
};
const behind = (suite) => ({ ...suite, standsBack: true });
const lint = behind({ name: 'lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] });
const types = behind({ name: 'types', command: ['node_modules/typescript/bin/tsc'] });
const node = behind({ name: 'node', command: vitest('node', 'lab'), count: countVitest });
const webgpu = behind({ name: 'webgpu', command: vitest('webgpu'), count: countVitest, browser: true });

/** One after the other. */
const inTurn =
  (...steps) =>
  async () => {
    const rows = [];
    for (const step of steps) rows.push(...(await step()));
    return rows;
  };
/** Beside each other. */
const atOnce =
  (...steps) =>
  async () =>
    (await Promise.all(steps.map((step) => step()))).flat();
const suite = (each) => async () => [await run(each)];

const everything = inTurn(
  suite(build),
  atOnce(
    inTurn(suite(e2e), atOnce(suite(engines), suite(webgpu))),
    inTurn(suite(lint), suite(types), suite(node)),
  ),
);

const began = performance.now();
// Several suites read what is built, and would each build it.
await ensureKernels();
const results = await everything();
const rows = results.map(({ failures, skips, ...row }) => row);
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const row of rows) for (const kind of Object.keys(totals)) totals[kind] += row[kind];

console.log();
console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
for (const { name, failures } of results)
  for (const failure of failures) console.log(`failed in ${name}: ${failure}`);
for (const { name, skips } of results) for (const skip of skips) console.log(`skipped in ${name}: ${skip}`);
if (!isThorough) console.log('More cases, and every suite on every engine: npm test -- --thorough');
console.log(`${Math.round((performance.now() - began) / 6000) / 10} minutes`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/**
 * Runs one suite and returns its row of the table, and what failed in it by name: the output above is long. A suite that
 * counts no tests counts as one.
 */
async function run({ name, command, count, browser, standsBack }) {
  if (browser && skipBrowsers) {
    console.log(`skipped: ${name} (LAB_SKIP_E2E=1)`);
    return { name, passed: 0, failed: 0, skipped: 1, seconds: 0, failures: [], skips: [] };
  }
  if (browser && !chromium) {
    console.log(`\n── ${name} ──\nfailed: there is no Chromium to run it in`);
    return { name, passed: 0, failed: 1, skipped: 0, seconds: 0, failures: ['no Chromium'], skips: [] };
  }
  const started = performance.now();
  const report = path.join(reports, `${name}.json`);
  if (!standsBack) console.log(`\n── ${name} ──`);
  const { status, output } = await ranTo(command, report, standsBack);
  if (standsBack) console.log(`\n── ${name} ──\n${output}`);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  if (count && existsSync(report)) Object.assign(counts, count(JSON.parse(readFileSync(report, 'utf8'))));
  // A tool may fail around its tests: a file that does not load, an error nobody caught, no test at all.
  if (status !== 0 && counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push('something outside its tests; see its output');
  }
  if (!count && status === 0) counts.passed = 1;
  return { name, ...counts, seconds };
}

/** Ends with the process’s exit status (null: a signal), and with what it printed where that is kept back. */
function ranTo(command, report, standsBack) {
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  if (isThorough) env.VITE_LAB_THOROUGH = '1';
  if (chromium) env.LAB_CHROMIUM = chromium;
  const child = spawn(process.execPath, command, {
    cwd: root,
    env,
    stdio: ['ignore', ...(standsBack ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
  });
  if (standsBack) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
  const pieces = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => pieces.push(piece));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, output: Buffer.concat(pieces).toString() }));
  });
}

function playwright(folder) {
  return [
    'node_modules/@playwright/test/cli.js',
    'test',
    '--config',
    `${folder}/playwright.config.ts`,
    '--reporter=list,json',
  ];
}

/** One run of projects; its report has the first one's name. */
function vitest(...projects) {
  const report = path.join(reports, `${projects[0]}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects.map((project) => `--project=${project}`),
    ...reporters,
  ];
}
