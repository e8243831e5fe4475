/** What a worker is told of the engine to start. */
import { winnerOf } from '../../lab/runtime/probe';
import type { BackendPreference, FirstEngine } from '../../worker/protocol/choices';
import { CODE } from '../page/code';
import { firstEngine, shapeOf } from '../page/engine';
import { useLab } from '../page/lab';

/** What is chosen in the menu; under “Automatic”, what was measured for the networks on the bench. */
export function engineWanted(): { readonly backend: BackendPreference; readonly first?: FirstEngine } {
  const { preference, subject, probe, opened } = useLab.getState();
  if (preference !== 'auto') return { backend: preference };
  // It may have been measured with other networks of the same shape.
  if (probe?.status === 'measured' && opened && shapeOf(opened.nets.main.spec) === probe.measurement.shape) {
    const { paces, adapter } = probe.measurement;
    return { backend: preference, first: { engine: winnerOf(paces), adapter } };
  }
  return { backend: preference, first: firstEngine(subject, CODE) };
}
