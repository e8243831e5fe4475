import { expect, test } from 'vitest';
import { loadAs, loadFor, loadWith } from './onDemand';

test('an engine is loaded before what replaces parts of it, whichever file was read first', async () => {
  const order: string[] = [];
  const load = (name: string) => async () => void order.push(name);
  loadWith('an engine', load('a part'));
  loadAs('an engine', load('the engine'));
  loadWith('an engine', load('another'));
  await loadFor('an engine');
  expect(order).toEqual(['the engine', 'a part', 'another']);
});
