/** What a worker is told of the engine to start. */
import type { BackendPreference, FirstEngine } from '../../worker/protocol/protocol';
import { CODE } from '../page/code';
import { firstEngine } from '../page/engine';
import { useLab } from '../page/lab';

/** What is chosen in the menu; under “Automatic”, what was measured for the networks on the bench. */
export function engineWanted(): { readonly backend: BackendPreference; readonly first?: FirstEngine } {
  const { preference, subject } = useLab.getState();
  const first = firstEngine(preference, subject, CODE);
  return { backend: preference, ...(first && { first }) };
}
