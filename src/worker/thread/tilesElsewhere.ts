/** The tiles that a network from elsewhere is pruned by: its file tells of none, so they are those at hand with its classes. */
import type { Dataset } from '../../lab/data/dataset';
import { datasetHash, sameClasses } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import type { AnyModel } from '../../lab/nn/model';
import { plainNames } from '../../lab/plain';
import { listDatasets } from '../../storage/datasets';
import { SYNTHETIC } from '../../storage/rows';
import { loadDataset } from '../../storage/tiles';

/** Whether a network came in from elsewhere as it is: what was made of it here tells of its tiles. */
export const cameIn = ({ provenance }: Pick<AnyModel, 'provenance'>): boolean =>
  typeof (provenance as { readonly cameIn?: unknown }).cameIn === 'object';

/** Those brought last, of several; painted ones after all others. Throws `BadInput` that says which are needed. */
export async function tilesWithItsClasses(
  { classes, arch: { input }, provenance }: AnyModel,
  title: string,
): Promise<{ ref: string; source: Dataset; hash: string }> {
  const { tiles } = (provenance as { readonly cameIn: { readonly tiles?: unknown } }).cameIn;
  const rows = (await listDatasets())
    .filter((row) => sameClasses(row.classes, classes) && (row.channels ?? 3) === input.channels)
    // Those that were chosen when it came in go first.
    .sort((a, b) => Number(b.hash === tiles) - Number(a.hash === tiles) || b.added - a.added);
  const [kept] = rows;
  if (kept) return { ref: kept.id, source: await loadDataset(kept.id), hash: kept.hash };
  const painted = await loadDataset(SYNTHETIC);
  if (sameClasses(painted.classes, classes) && painted.channels === input.channels)
    return { ref: SYNTHETIC, source: painted, hash: datasetHash(painted) };
  throw new BadInput(
    `"${title}" came in from elsewhere and tells ${classesInWords(classes)} apart. What it is pruned by are tiles of these classes, under these names and in this order, and this browser keeps none. Bring them under Data and open it again; under Rotate it can be looked at without them.`,
  );
}

const MOST_NAMED = 6;

function classesInWords(classes: readonly string[]): string {
  const names = plainNames(classes.slice(0, MOST_NAMED)).join(', ');
  return classes.length > MOST_NAMED ? `${classes.length} classes (${names}, …)` : names;
}
