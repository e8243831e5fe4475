/** Steps of recipes, in a process that does them one after the other: it keeps what it has opened and computed. */
import type { Dataset } from '../../src/lab/data/dataset';
import { datasetHash } from '../../src/lab/data/tiles';
import { BadInput, messageOf } from '../../src/lab/errors';
import { runStep } from '../../src/lab/recipe/pipeline';
import { type Given, type Prepared, prepare } from '../../src/lab/recipe/prepare';
import { checkRecipe, type Recipe } from '../../src/lab/recipe/schema';
import { Studies } from '../../src/lab/recipe/studies';
import { finish } from '../../src/lab/stage/events';
import type { Artefacts } from '../artefacts/open';
import { openDataset } from '../node/data';
import { Few } from './few';
import type { StepOrder, StepProgress, Tiles } from './stepMessages';

/** At once: tiles are large, and so are recipes' own copies at the size of their networks. */
const MOST_SETS = 2;
const MOST_RECIPES = 3;

interface Ready {
  readonly prepared: Prepared;
  readonly studies: Studies;
}

/** Tiles that were there before. */
export class Unready extends Error {}

export class RecipeSteps {
  readonly #sets = new Few<Promise<Dataset>>(MOST_SETS);
  readonly #recipes = new Few<Promise<Ready>>(MOST_RECIPES);

  /** Why these tiles are not here; null where they are. */
  refusalOf(tiles: Tiles): Promise<string | null> {
    return this.#datasetOf(tiles).then(() => null, messageOf);
  }

  /** Does a step over the store. Throws `Unready` where its tiles are gone. */
  async do(
    { work, recipe, tiles }: StepOrder,
    store: Artefacts,
    told: (progress: StepProgress) => void,
  ): Promise<void> {
    const dataset = await this.#datasetOf(tiles).catch((error) => {
      throw new Unready(messageOf(error));
    });
    const { prepared, studies } = await this.#recipes.get(
      JSON.stringify([work.recipe, tiles, store.reference]),
      async () => ({
        prepared: prepare(checkRecipe(recipe), dataset, await givenOf(recipe, store)),
        studies: new Studies(),
      }),
    );
    await finish(runStep(prepared, work.step, store, tiles.data.fingerprint, studies), (event) => {
      if (event.type !== 'epoch') return;
      const { epoch, epochs, accuracy } = event;
      told({ epoch, epochs, accuracy });
    });
  }

  #datasetOf(tiles: Tiles): Promise<Dataset> {
    return this.#sets.get(JSON.stringify(tiles), () => openTiles(tiles));
  }
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
