/**
 * Web Locks as far as this project uses them, for tests where there are none: exclusive, waiting until a signal ends it; or
 * shared, under names that nobody wants alone.
 */

interface Options {
  readonly signal?: AbortSignal;
  readonly mode?: 'shared';
}

export function fakeLocks() {
  const held = new Map<string, Promise<unknown>>();
  return {
    async request(
      name: string,
      { signal, mode }: Options,
      callback: () => Promise<unknown>,
    ): Promise<unknown> {
      const ended = new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
      ended.catch(() => {});
      while (mode !== 'shared' && held.has(name)) await Promise.race([held.get(name), ended]);
      signal?.throwIfAborted();
      const work = callback().finally(() => held.get(name) === work && held.delete(name));
      held.set(name, work);
      return work;
    },
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  };
}
