/** What a new data set is called. */
import { sourceName } from '../../lab/data/readers/sourceName';
import { plain } from '../../lab/plain';
import { SYNTHETIC } from '../../storage/rows';

/** What a data set read from a file or folder of this name is called: `EuroSAT.zip` → `EuroSAT`. */
export function idFor(path: string): string {
  const id = plain(sourceName(path), 60) || 'tiles';
  return id === SYNTHETIC ? `${id} (dropped)` : id;
}

/** The name itself, or with the first number that makes it new. */
export function newId(id: string, taken: readonly string[]): string {
  let found = id;
  for (let n = 2; taken.includes(found); n++) found = `${id} ${n}`;
  return found;
}
