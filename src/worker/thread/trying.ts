/** What can be asked of a training before it is begun. */
import { prepare } from '../../lab/recipe/prepare';
import { tryRates, tryTurns } from '../../lab/recipe/trying';
import { loadStart } from '../../storage/networks';
import { loadDataset } from '../../storage/tiles';
import type { JobCommand } from '../protocol/commands';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

type Command = Pick<Extract<JobCommand, { type: 'tryRates' | 'tryTurns' }>, 'recipe' | 'data'>;

const prepared = async ({ recipe, data }: Command) =>
  prepare(recipe, await loadDataset(data), await loadStart(recipe));

export const tryHandlers: Pick<Handlers, 'tryRates' | 'tryTurns'> = {
  async *tryRates(command) {
    yield { type: 'progress', what: 'loading the tiles', done: 0, total: 1 };
    return yield* dropCheckpoints(tryRates(await prepared(command)));
  },
  async *tryTurns(command) {
    yield { type: 'progress', what: 'loading the tiles', done: 0, total: 1 };
    return yield* dropCheckpoints(tryTurns(await prepared(command)));
  },
};
