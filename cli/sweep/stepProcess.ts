/**
 * A process that does steps for a worker, one after the other, as it is told over its channel. What it has opened it keeps:
 * tiles, prepared recipes, what was computed of their networks.
 */
import type { Dataset } from '../../src/lab/data/dataset';
import { datasetHash } from '../../src/lab/data/tiles';
import { BadInput, messageOf } from '../../src/lab/errors';
import { runStep } from '../../src/lab/recipe/pipeline';
import { type Given, type Prepared, prepare } from '../../src/lab/recipe/prepare';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { Studies } from '../../src/lab/recipe/studies';
import { finish } from '../../src/lab/stage/events';
import { type Artefacts, openArtefacts, StoreError } from '../artefacts/open';
import { startNodeBackend } from '../node/backend';
import { openDataset } from '../node/data';
import { beginSession } from '../sessions';
import type { Answer, Fault, Numbered, Order, Tiles } from './stepMessages';

/** At once: tiles are large, and so are recipes' own copies at the size of their networks. */
const MOST_SETS = 2;
const MOST_RECIPES = 3;

interface Ready {
  readonly prepared: Prepared;
  readonly studies: Studies;
}

/** Does what it is told until its parent is gone. */
export function answerOrders(): Promise<never> {
  const sets = new Few<Promise<Dataset>>(MOST_SETS);
  const recipes = new Few<Promise<Ready>>(MOST_RECIPES);
  const stores = new Few<Promise<Artefacts>>(MOST_SETS);

  const datasetOf = (tiles: Tiles) => sets.get(JSON.stringify(tiles), () => openTiles(tiles));
  const answer = async (order: Order, say: (answer: Answer) => void): Promise<Answer> => {
    if (order.type === 'open') {
      return datasetOf(order.tiles).then(
        () => ({ type: 'opened', refusal: null }),
        (error) => ({ type: 'opened', refusal: messageOf(error) }),
      );
    }
    const { backend, adapter } = await startNodeBackend('wasm');
    const session = beginSession(`${backend}: ${adapter}`);
    const store = await stores.get(order.store, () => openArtefacts(order.store));
    const dataset = await datasetOf(order.tiles).catch((error) => {
      throw new Unready(messageOf(error));
    });
    const ready = await recipes.get(JSON.stringify([order.key, order.tiles, order.store]), async () => {
      return {
        prepared: prepare(checkRecipe(order.recipe), dataset, await givenOf(order.recipe, store)),
        studies: new Studies(),
      };
    });
    const { prepared, studies } = ready;
    const step = runStep(prepared, order.step, store, order.tiles.data.fingerprint, studies);
    await finish(step, (event) => {
      if (event.type !== 'epoch') return;
      const { epoch, epochs, accuracy } = event;
      say({ type: 'progress', progress: { epoch, epochs, accuracy } });
    });
    return { type: 'done', session: session() };
  };

  let last: Promise<unknown> = Promise.resolve();
  process.on('message', ({ order, content }: Numbered<Order>) => {
    const say = (answer: Answer) =>
      void process.send?.({ order, content: answer } satisfies Numbered<Answer>);
    last = last.then(async () => say(await answer(content, say).catch(failure)));
  });
  process.on('disconnect', () => process.exit(143));
  return new Promise(() => {});
}

/** Throws `BadInput` where these are other tiles. */
async function openTiles({ data, reference }: Tiles): Promise<Dataset> {
  const dataset = await openDataset(reference, { ...(data.bands && { bands: data.bands }) });
  const fingerprint = datasetHash(dataset);
  if (fingerprint === data.fingerprint) return dataset;
  throw new BadInput(
    `"${reference}" here holds ${dataset.count} tiles with the fingerprint ${fingerprint}, but the sweep needs ${data.count} with ` +
      `${data.fingerprint}`,
  );
}

/** The networks that a recipe begins with: whoever put it on the queue has put them into the store. */
async function givenOf({ start = [] }: Recipe, store: Artefacts): Promise<Given[]> {
  const given: Given[] = [];
  for (const { fingerprint } of start) {
    const model = (await store.loadStage(fingerprint))?.model;
    if (model) given.push({ fingerprint, model });
  }
  return given;
}

/** Tiles that were there before. */
class Unready extends Error {}

function failure(error: unknown): Answer {
  const isOurs = error instanceof StoreError || error instanceof Unready;
  const fault: Fault = isOurs ? 'worker' : error instanceof BadInput ? 'input' : 'unknown';
  return { type: 'failed', fault, reason: messageOf(error) };
}

/** The last few things that were made; one that failed is not kept. */
class Few<T extends Promise<unknown>> {
  readonly #kept = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => T): T {
    const made = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, made);
    for (const oldest of [...this.#kept.keys()].slice(0, -this.#most)) this.#kept.delete(oldest);
    made.catch(() => this.#kept.delete(key));
    return made;
  }
}
