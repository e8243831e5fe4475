/** How a network does on the test tiles of the set that it learnt from, for the README that it takes along. */
import { bandsFor } from '../../lab/data/bands';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { sameClasses, shrinkTiles } from '../../lab/data/tiles';
import { testFigures } from '../../lab/evaluate/report/measure';
import type { AnyModel } from '../../lab/nn/model';
import { splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import type { Stage } from '../../lab/stage/events';
import { fetchCatalogue } from './catalogue';
import { tilesOf } from './openingMade';

/** As Markdown; undefined where this browser does not have the tiles, or there are none to test on. */
export async function* figuresOf(model: AnyModel, catalogue: string): Stage<string | undefined> {
  const source = await sourceOf(model, catalogue);
  if (!source || !sameClasses(source.classes, model.classes)) return undefined;
  const { input } = model.arch;
  const dataset = shrinkTiles(bandsFor(source, input), input.size);
  const split = provenanceIn(model)?.recipe.split ?? { seed: 1, ...DEFAULT_FRACTIONS };
  return (yield* testFigures(model, dataset, splitOf(source, split))) ?? undefined;
}

async function sourceOf(model: AnyModel, catalogue: string) {
  try {
    return (await tilesOf(model, 'this network', await fetchCatalogue(catalogue))).source;
  } catch {
    // The tiles are elsewhere, or cannot be read: the network goes along without figures.
    return undefined;
  }
}
