/**
 * Which fine-tuning inside the trunk this tab is at, so that it goes on by itself after a reload; in another tab, or on
 * another day, a person is asked. Its epochs are in the library, this is only their name.
 */
import { z } from 'zod';
import { trunkChoiceSchema, tuningSchema } from '../../lab/prune/trunk/choice';
import { keep, recall } from '../page/kept';
import { type LiveTuning, newLiveTuning } from './tuning';

const KEY = 'orbit-lab fine-tuning';

const markSchema = z.object({ fingerprint: z.string(), tuning: tuningSchema, choice: trunkChoiceSchema });

export function markTuning(live: LiveTuning | null): void {
  keep(
    KEY,
    live && { fingerprint: live.fingerprint, tuning: live.tuning, choice: live.choice },
    'sessionStorage',
  );
}

/** The fine-tuning that a reload cut off; null for none. */
export function recallTuning(): LiveTuning | null {
  const found = markSchema.safeParse(recall(KEY, 'sessionStorage'));
  return found.success ? newLiveTuning(found.data.fingerprint, found.data.tuning, found.data.choice) : null;
}
