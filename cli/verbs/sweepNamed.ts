/** Which sweep of a queue is meant. */
import { BadInput } from '../../src/lab/errors';
import type { SweepStatus } from '../../src/lab/sweep/status';
import { stateOf } from '../../src/lab/sweep/words';

/**
 * By its id, its name, or the beginning of its id; without any the only one that there is, or that goes on. Throws `BadInput`
 * where it is none, or not one alone.
 */
export function sweepMeant(all: readonly SweepStatus[], called: string | undefined): SweepStatus {
  if (all.length === 0)
    throw new BadInput('No sweep is on this queue: "lab reproduce … --on redis://…" puts one there.');
  const [meant, problem] = found(all, called);
  if (meant.length === 1) return meant[0];
  // Of several that may be meant nobody needs the others.
  const shown = called === undefined || meant.length === 0 ? all : meant;
  throw new BadInput(`${problem}; there are: ${shown.map(({ id, name }) => `${id} (${name})`).join(', ')}.`);
}

/** The sweeps that may be meant, and what is wrong where that is not one. */
function found(all: readonly SweepStatus[], called: string | undefined): [readonly SweepStatus[], string] {
  if (called === undefined) {
    const open = all.filter((each) => !['done', 'cancelled'].includes(stateOf(each)));
    return [all.length === 1 ? all : open, 'Say which sweep'];
  }
  const of = (is: (sweep: SweepStatus) => boolean) => all.filter(is);
  const [byId, byName, byStart] = [
    of(({ id }) => id === called),
    of(({ name }) => name === called),
    of(({ id }) => id.startsWith(called)),
  ];
  if (byId.length > 0) return [byId, ''];
  if (byName.length > 0) return [byName, `More than one sweep is called "${called}": name it by its id`];
  if (byStart.length > 0) return [byStart, `More than one sweep begins with "${called}"`];
  return [[], `There is no sweep "${called}" on this queue`];
}
