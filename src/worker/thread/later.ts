/** Handlers whose scripts are loaded when one of them is first asked for. */
import type { JobType } from '../protocol/commands';
import type { Handler, Handlers } from './host';

/** The handlers of some jobs, from whatever `load` brings; what could not be loaded is tried again the next time. */
export function handlersLater<T extends JobType>(
  types: readonly T[],
  load: () => Promise<Pick<Handlers, T>>,
): Pick<Handlers, T> {
  let loading: Promise<Pick<Handlers, T>> | undefined;
  const handlers = (): Promise<Pick<Handlers, T>> => {
    loading ??= load().catch((cause) => {
      loading = undefined;
      throw new Error(NOT_LOADED, { cause });
    });
    return loading;
  };
  const handlerOf = (type: T): Handler<T> =>
    async function* (command, stop) {
      return yield* (await handlers())[type](command, stop);
    };
  return Object.fromEntries(types.map((type) => [type, handlerOf(type)])) as Pick<Handlers, T>;
}

const NOT_LOADED =
  'A part of this page could not be loaded: its server cannot be reached, or has a newer version. Nothing is lost; reload the page.';
