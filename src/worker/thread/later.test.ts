import { expect, it, vi } from 'vitest';
import { finish } from '../../lab/stage/events';
import type { Handlers } from './host';
import { handlersLater } from './later';

type Some = Pick<Handlers, 'model' | 'networks'>;
const never = new AbortController().signal;
const ask = (handlers: Some) => finish(handlers.model({ type: 'model', id: 1, key: 'a' }, never) as never);
// biome-ignore lint/correctness/useYield: a job that reports nothing.
const model: Handlers['model'] = async function* ({ key }) {
  return new TextEncoder().encode(key);
};
const networks = async function* () {} as unknown as Handlers['networks'];

it('loads handlers when the first of them is asked for, and once', async () => {
  const load = vi.fn(async () => ({ model, networks }));
  const handlers = handlersLater(['model', 'networks'], load);
  expect(load).not.toHaveBeenCalled();
  expect(await ask(handlers)).toEqual(new TextEncoder().encode('a'));
  await ask(handlers);
  expect(load).toHaveBeenCalledTimes(1);
});

it('says that a part could not be loaded, and tries again when it is asked again', async () => {
  const load = vi.fn(async () => ({ model, networks })).mockRejectedValueOnce(new TypeError('404'));
  const handlers = handlersLater(['model', 'networks'], load);
  await expect(ask(handlers)).rejects.toThrow('could not be loaded');
  expect(await ask(handlers)).toEqual(new TextEncoder().encode('a'));
});
