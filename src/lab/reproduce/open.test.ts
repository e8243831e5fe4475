import { expect, test } from 'vitest';
import { handReport } from '../testing/reports';
import { STEERING } from '../testing/steering';
import { parseReport, readReport } from './open';

/** Every text of a value, keys too. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    yield* Object.keys(value);
    for (const each of Object.values(value)) yield* textsOf(each);
  }
}

test('a report as it was written is read as it is', () => {
  const report = handReport();
  expect(parseReport(JSON.parse(JSON.stringify(report)), 'x')).toEqual(report);
});

test('names of a megabyte, line breaks, and signs that steer or turn the writing round, are cut and plain', () => {
  const long = `\u202e\u0007${'gnp\n'.repeat(2 ** 18)}`;
  const strange = JSON.parse(
    JSON.stringify(handReport(), (key, value) =>
      ['title', 'label', 'name', 'sentence', 'backend', 'command'].includes(key) ? long : value,
    ),
  );
  const report = readReport(JSON.stringify({ ...strange, recipes: { [long]: { name: long } } }), long);
  const texts = [...textsOf(report)];
  for (const text of texts) expect(text).not.toMatch(STEERING);
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(2000);
  expect([...report.title].length).toBe(200);
  expect(() => readReport('{', long)).toThrow(/^.{1,400}$/);
});
