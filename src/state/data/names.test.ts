import { expect, test } from 'vitest';
import { idFor, newId } from './names';

test('a name comes from the file or folder and never collides', () => {
  expect(idFor('some/EuroSAT.ZIP')).toBe('EuroSAT');
  expect(idFor('cifar-10-binary.tar.gz')).toBe('cifar-10-binary');
  expect(idFor('tiles v1.2')).toBe('tiles v1.2');
  expect(idFor('.zip')).toBe('tiles');
  expect(idFor('synthetic.zip')).toBe('synthetic (dropped)');
  expect(idFor('mine/\u202egnp\u200b tiles')).toBe('gnp tiles');
  expect(newId('a', [])).toBe('a');
  expect(newId('a', ['a', 'a 2'])).toBe('a 3');
});
