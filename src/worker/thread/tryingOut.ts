/** A network from elsewhere in front of one tile, before it is kept: what it answers as the tile turns, and which layers turn with it. */

import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { SYNTHETIC_PER_CLASS, SYNTHETIC_SEED, syntheticTile } from '../../lab/data/synthetic';
import { pixelsOf, sameClasses, shrinkTiles } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { breakWords, ROUNDING } from '../../lab/evaluate/breaks';
import { answersAtTurns } from '../../lab/evaluate/classify';
import { equivarianceErrors, turnedUnder } from '../../lab/evaluate/equivariance';
import { decodeAnyModel } from '../../lab/files/modelFile';
import { normalisedTiles } from '../../lab/nn/batch';
import type { AnyModel } from '../../lab/nn/model';
import { CELL, sampleSquare } from '../../lab/pictures/cut';
import { plain } from '../../lab/plain';
import { listDatasets } from '../../storage/datasets';
import { loadDataset } from '../../storage/tiles';
import type { Handlers } from './host';

/** A set that is larger on disk is not read for one tile. */
const MOST_BYTES = 64 * 2 ** 20;
const PAINTED = 'Highway';

export const tryingOutHandlers: Pick<Handlers, 'tryOut'> = {
  async *tryOut({ file }) {
    const model = decodeAnyModel(file, 'The network');
    const { size } = model.arch.input;
    const { name, pixels } = (await ownTile(model)) ?? paintedTile(model);
    const turns = await answersAtTurns(model, pixels);
    const { channels } = model.arch.input;
    const tile = normalisedTiles({ size, channels, pixels }, [0], model.normalisation);
    const errors = await equivarianceErrors(model, tile);
    return {
      ...{ name, size, channels, pixels, turns },
      layers: errors.map(({ layer, max }) => ({ layer, error: max, turns: max <= ROUNDING })),
      words: breakWords(errors, turnedUnder(model.arch)),
    };
  },
};

interface Tile {
  readonly name: string;
  readonly pixels: Uint8Array;
}

/** The first tile of a set that is kept here with the network's classes; null where there is none, or it does not fit. */
async function ownTile({ classes, arch: { input } }: AnyModel): Promise<Tile | null> {
  const row = (await listDatasets()).find(
    (each) =>
      sameClasses(each.classes, classes) &&
      (each.channels ?? 3) === input.channels &&
      each.size % input.size === 0 &&
      each.bytes <= MOST_BYTES,
  );
  if (!row) return null;
  const whole = await loadDataset(row.id);
  const first = { ...whole, count: 1, pixels: pixelsOf(whole, 0) };
  const { pixels } = shrinkTiles(first, input.size);
  return { name: `${plain(whole.classes[whole.labels[0]])}, from ${plain(whole.title)}`, pixels };
}

function paintedTile({ arch: { input } }: AnyModel): Tile {
  const data = syntheticTile(EUROSAT_CLASSES.indexOf(PAINTED), SYNTHETIC_PER_CLASS, SYNTHETIC_SEED);
  const colours = sampleSquare(
    { width: CELL, height: CELL, data },
    { left: 0, top: 0, side: CELL },
    input.size,
  );
  const name = `${PAINTED}, painted by code`;
  if (input.channels === 3) return { name, pixels: colours };
  if (input.channels === 1) return { name, pixels: colours.filter((_, i) => i % 3 === 0) };
  throw new BadInput(
    `It reads ${input.channels} channels, and no tiles of them with its classes are kept here.`,
  );
}
