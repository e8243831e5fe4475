/**
 * `npm test`: everything, from a fresh clone. Installs what is missing, runs every suite to its end even where one
 * fails, and closes with a table and one line of totals. `npm test -- --thorough` takes its time: more cases of each
 * property, every numeric suite on WebGPU too, walks that are once more of the same, Chromium among the engines.
 *
 * The suites that need a browser take the Chromium named by LAB_CHROMIUM, one that is installed, or one that can be
 * installed; `LAB_SKIP_E2E=1` leaves them out by name. Firefox and WebKit are tested where they are installed, and else
 * skipped by name.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findChromium, installChromium } from './chromium.mjs';
import { ensureInstalled, requireNode, root } from './setup.mjs';

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

/** Every suite: the tool that runs it (its file in node_modules, and arguments) and who reads its report. */
const suites = [
  { name: 'lint', command: ['@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'types', command: ['typescript/bin/tsc'] },
  { name: 'node', command: vitest('node', 'lab'), count: countVitest },
  { name: 'webgpu', command: vitest('webgpu'), count: countVitest, browser: true },
  { name: 'build', command: ['vite/bin/vite.js', 'build', '--logLevel', 'warn'] },
  { name: 'e2e', command: playwright('e2e'), count: countPlaywright, browser: true },
  // Chromium walks through all of e2e.
  {
    name: 'engines',
    command: [...playwright('e2e/engines'), ...(isThorough ? [] : ['--project=firefox', '--project=webkit'])],
    count: countPlaywright,
    browser: true,
  },
];

const results = suites.map(run);
const rows = results.map(({ failures, skips, ...row }) => row);
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const row of rows) for (const kind of Object.keys(totals)) totals[kind] += row[kind];

console.log();
console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
for (const { name, failures } of results)
  for (const failure of failures) console.log(`failed in ${name}: ${failure}`);
for (const { name, skips } of results) for (const skip of skips) console.log(`skipped in ${name}: ${skip}`);
if (!isThorough) console.log('More cases, and every suite on every engine: npm test -- --thorough');
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/**
 * Runs one suite and returns its row of the table, and what failed in it by name: the output above is long. A suite that
 * counts no tests counts as one.
 */
function run({ name, command: [tool, ...args], count, browser }) {
  if (browser && skipBrowsers) {
    console.log(`skipped: ${name} (LAB_SKIP_E2E=1)`);
    return { name, passed: 0, failed: 0, skipped: 1, seconds: 0, failures: [], skips: [] };
  }
  console.log(`\n── ${name} ──`);
  if (browser && !chromium) {
    console.log('failed: there is no Chromium to run it in');
    return { name, passed: 0, failed: 1, skipped: 0, seconds: 0, failures: ['no Chromium'], skips: [] };
  }
  const started = performance.now();
  const report = path.join(reports, `${name}.json`);
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  if (isThorough) env.VITE_LAB_THOROUGH = '1';
  if (chromium) env.LAB_CHROMIUM = chromium;
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules', tool), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
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

function playwright(folder) {
  return [
    '@playwright/test/cli.js',
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
  return ['vitest/vitest.mjs', 'run', ...projects.map((project) => `--project=${project}`), ...reporters];
}

/** A test file that did not load has failed without counting a test. */
function countVitest({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    skipped: numPendingTests + numTodoTests,
    failures: [
      ...unloaded.map((file) => path.relative(root, file.name)),
      ...testResults.flatMap((file) =>
        file.assertionResults
          .filter(({ status }) => status === 'failed')
          .map(
            ({ fullName, failureMessages }) =>
              `${path.relative(root, file.name)} › ${fullName}\n${beginningOf(failureMessages)}`,
          ),
      ),
    ],
  };
}

/** A test that passed only when it was tried again counts as failed. Why tests were skipped is said once for each reason. */
function countPlaywright({ stats, suites }) {
  const tests = suites.flatMap(function testsOf({ file, specs, suites = [] }) {
    const here = specs.flatMap(({ title, tests }) =>
      tests.map((test) => ({ ...test, where: `${file} › [${test.projectName}]`, title })),
    );
    return [...here, ...suites.flatMap(testsOf)];
  });
  const reasons = tests
    .filter(({ status }) => status === 'skipped')
    .map(({ projectName, title, annotations }) => `[${projectName}] ${annotations[0]?.description ?? title}`);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ where, title }) => `${where} ${title}`),
    skips: [...new Set(reasons)],
  };
}

/** As much of an error as tells what it was: a property that failed prints its seed in the second line. */
function beginningOf(messages) {
  return (messages[0] ?? '')
    .split('\n')
    .slice(0, 5)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
