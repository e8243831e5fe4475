/** Web Locks as far as this project uses them, for tests where there are none: exclusive, waiting until a signal ends it. */

interface Options {
  readonly signal: AbortSignal;
}

export function fakeLocks() {
  const held = new Map<string, Promise<unknown>>();
  return {
    async request(name: string, { signal }: Options, callback: () => Promise<unknown>): Promise<unknown> {
      const ended = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
      ended.catch(() => {});
      while (held.has(name)) await Promise.race([held.get(name), ended]);
      signal.throwIfAborted();
      const work = callback().finally(() => held.delete(name));
      held.set(name, work);
      return work;
    },
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  };
}
