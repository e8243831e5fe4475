import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyTwice } from './twice';

test('no object of a program says a key twice, however it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, space) => {
      expect(keyTwice(JSON.stringify(value, null, space))).toBeNull();
    }),
  );
});

test('a key that is written twice is found, in whatever depth and spelling', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.nat(3), (key, value, depth) => {
      const said = `${JSON.stringify(key)} : ${JSON.stringify(value)}`;
      const text = `${'[{"around":'.repeat(depth)}{${said},${said}}${'}]'.repeat(depth)}`;
      JSON.parse(text);
      expect(keyTwice(text)).not.toBeNull();
    }),
  );
  expect(keyTwice('{"a":1,"\\u0061":2}')).toBe('a');
  expect(keyTwice('{"a\\\\":1,"a":{"a":2},"b":["a","a"]}')).toBeNull();
  expect(keyTwice('{"__proto__":1,"__proto__":2}')).toBe('__proto__');
});
