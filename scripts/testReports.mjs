/** What the reports of Vitest and Playwright say: how many passed, and what failed or was skipped, by name. */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './setup.mjs';

/** A test file that did not load has failed without counting a test. */
export function countVitest({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
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
export function countPlaywright({ stats, suites }) {
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
      .map(
        ({ where, title, results }) =>
          `${where} ${title}\n${beginningOf(results.flatMap(({ errors }) => errors.map(({ message }) => message)))}`,
      ),
    skips: [...new Set(reasons)],
  };
}

/** As much of an error as tells what it was: a property that failed prints its seed in the second line. */
function beginningOf(messages) {
  // Playwright colours what it says.
  return stripVTControlCharacters(messages[0] ?? '')
    .split('\n')
    .filter(Boolean)
    .slice(0, 5)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
