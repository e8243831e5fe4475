/** What the lessons ask about both networks on the bench, tile by tile. */
import { BadInput } from '../../lab/errors';
import { mindsOf, obliqueOf } from '../../lab/prune/neurons/minds';
import type { Study } from '../../lab/prune/neurons/study';
import type { NetName } from '../protocol/choices';
import type { Handlers } from './host';
import type { Kept } from './pruning';
import { dropCheckpoints } from './reporting';

/** Tiles that are shown. */
const MOST = 8;
/** As far from the right angles as can be, in degrees. */
const BETWEEN = 45;

/** `kept`: what was opened last under a name. */
export function createMindsHandlers(
  kept: (net: NetName) => Kept | undefined,
): Pick<Handlers, 'minds' | 'oblique'> {
  const both = (): [Study, Study] => {
    const [main, peer] = [kept('main'), kept('peer')];
    if (!main || !peer || !('study' in main) || !('study' in peer))
      throw new BadInput(
        'Two networks of convolutions are to be open for this: open an equivariant one and a plain one.',
      );
    return [main.study, peer.study];
  };
  return {
    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *minds() {
      return await mindsOf(...both(), MOST);
    },
    async *oblique() {
      return yield* dropCheckpoints(obliqueOf(both(), BETWEEN));
    },
  };
}
