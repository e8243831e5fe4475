/** What the Data view shows of the synthetic tiles, which are kept nowhere: their facts, and a sheet painted once. */
import { type ContactSheet, placesPerClass, sheetOfTiles, shownRanks } from '../../lab/data/contactSheet';
import {
  SYNTHETIC_PER_CLASS,
  SYNTHETIC_SEED,
  syntheticDataset,
  syntheticTile,
} from '../../lab/data/synthetic';
import { breathe } from '../../lab/runtime/breathe';
import { type DatasetFacts, SYNTHETIC } from '../../storage/rows';

const { title, classes, size, channels } = syntheticDataset({ perClass: 0 });

export const SYNTHETIC_FACTS: Omit<DatasetFacts, 'sheet'> = {
  id: SYNTHETIC,
  title,
  synthetic: true,
  classes,
  counts: classes.map(() => SYNTHETIC_PER_CLASS),
  official: null,
  size,
  count: classes.length * SYNTHETIC_PER_CLASS,
};

let sheet: Promise<ContactSheet> | undefined;

/** Painted tile by tile, so that the page answers in between. */
export function syntheticSheet(): Promise<ContactSheet> {
  sheet ??= paint();
  return sheet;
}

async function paint(): Promise<ContactSheet> {
  const ranks = shownRanks(SYNTHETIC_PER_CLASS, placesPerClass(classes.length));
  const tiles = new Map<string, Uint8Array>();
  for (const label of classes.keys()) {
    for (const rank of ranks) {
      tiles.set(`${label} ${rank}`, syntheticTile(label, rank, SYNTHETIC_SEED));
      await breathe();
    }
  }
  const { counts } = SYNTHETIC_FACTS;
  return sheetOfTiles(size, { channels }, counts, (label, rank) => tiles.get(`${label} ${rank}`)!);
}
