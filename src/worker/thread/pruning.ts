/** All that prunes and fine-tunes the networks on the bench, in one script. */

import { PAGE_RUN } from '../../storage/stages';
import type { NetName } from '../protocol/protocol';
import { createExtractHandlers, type OpenStudy } from './extracting';
import { createFinetuneHandler } from './finetuning';
import { createTrunkHandlers } from './trunk';

export { originByHand } from '../../lab/recipe/handmade';

/** `find`: what was opened last under a name. */
export const createPruneHandlers = (
  find: (net: NetName) => (OpenStudy & { readonly fingerprint: string }) | undefined,
) => ({
  ...createFinetuneHandler(find, PAGE_RUN),
  ...createExtractHandlers(find),
  ...createTrunkHandlers(() => find('main'), PAGE_RUN),
});
