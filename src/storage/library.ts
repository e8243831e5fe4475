/** The library as a whole: how much is in it, and whether it still is the one that the page began with. */
import { type Library, onReopen, openLibrary } from './db';

/** Each library has a number of its own, drawn when it is first looked at. */
const BORN: [string, string] = ['library', 'born'];

let known: number | undefined;

/** `deleted` is told when the library was deleted and there is an empty one in its place. */
export function watchLibrary(deleted: () => void): void {
  const look = async (db: Library) => {
    const born = await bornOf(db);
    const isAnother = known !== undefined && known !== born;
    known = born;
    if (isAnother) deleted();
  };
  // Where it cannot be opened, whoever needs it says so.
  const open = () =>
    void openLibrary()
      .then(
        (db) => db && look(db),
        () => {},
      )
      .catch(() => {});
  onReopen(open);
  open();
}

async function bornOf(db: Library): Promise<number> {
  const change = db.transaction('uses', 'readwrite');
  const born = (await change.store.get(BORN)) ?? Date.now() + Math.random();
  await change.store.put(born, BORN);
  await change.done;
  return born;
}

/** How much of what a person made or brought is kept. */
export async function countKept() {
  const db = await openLibrary();
  const many = async (store: 'runs' | 'datasets' | 'networks' | 'points') => (await db?.count(store)) ?? 0;
  const [runs, datasets, networks, points] = await Promise.all(
    (['runs', 'datasets', 'networks', 'points'] as const).map(many),
  );
  return { runs, datasets, networks, points };
}
