import { expect, test } from 'vitest';
import { withNoticesOnce } from './noticesOnce';

const notice = (who: string) => `/**\n* @license\n* Copyright ${who}.\n* See the License.\n*/\n`;

test('each notice stands in a script once, whatever is between, and nothing else is touched', () => {
  const code = `${notice('one')};var a=1${notice('two')};var b='/** @license */'/* c */\n${notice('one')};var c=2${notice('two')}`;
  const shorter = withNoticesOnce(code);
  expect(shorter.split(notice('one'))).toHaveLength(2);
  expect(shorter.split(notice('two'))).toHaveLength(2);
  expect(shorter.replaceAll(/\s/g, '')).toBe(
    `${notice('one')};var a=1${notice('two')};var b='/** @license */'/* c */;var c=2`.replaceAll(/\s/g, ''),
  );
});
