/** What the worker is told of the networks that a link names; the pruned one is the bench's, and is fetched from there. */
import type { NetRef } from '../../worker/protocol/choices';
import { useLab } from '../page/lab';
import { finetuningOf, settingKey, useExperiment } from '../prune/experiment';
import { useSheets } from '../prune/sheets';
import { unitsName } from '../prune/unitNames';
import { keptIn, PRUNED, stageOf } from '../rotate/netRefs';
import { wholePercent } from '../words/format';
import { modelFile, prunedFile } from './session';

/** Changes with the network that a name stands for; null for one that never does. */
export function benchKey(name: string): string | null {
  if (name !== PRUNED) return null;
  const state = useExperiment.getState();
  const { subject, seed } = useLab.getState();
  const tuned = finetuningOf(state, state.settled)?.status === 'done';
  return JSON.stringify([subject, seed, state.way, settingKey(state.settled), tuned]);
}

/** What the worker is told of a network. */
export async function refOf(name: string): Promise<NetRef> {
  const kept = keptIn(name);
  if (kept) return { kind: 'kept', id: kept };
  const stage = stageOf(name);
  if (stage) return { kind: 'run', ...stage };
  return name === PRUNED ? prunedRef() : { kind: 'shipped', id: name };
}

async function prunedRef(): Promise<NetRef> {
  const state = useExperiment.getState();
  const { main } = useSheets.getState();
  const { settled } = state;
  const net = useLab.getState().opened?.nets.main;
  if (!main || !net || settled.removed === 0) {
    const problem = 'Nothing is pruned on the Prune view. Prune there, or take this network off.';
    return { kind: 'absent', problem };
  }
  const tuned = finetuningOf(state, settled);
  const isTuned = tuned?.status === 'done';
  const bytes = await (isTuned ? modelFile(tuned.result.key) : prunedFile(settled));
  const share = `${wholePercent(settled.removed / main.units)} of the ${unitsName(main.unit)} removed`;
  const title = `${net.title}: ${share}${isTuned ? ', fine-tuned' : ''}`;
  return { kind: 'file', key: benchKey(PRUNED)!, title, bytes };
}
