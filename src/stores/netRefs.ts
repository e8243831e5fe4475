/** Networks as the link names them, and what the worker is told of them. */
import type { RunRow } from '../library/runs';
import type { NetChoice, NetRef } from '../worker/protocol';
import { finetuningOf, settingKey, useExperiment } from './experiment';
import { wholePercent } from './format';
import { useLab } from './lab';
import { modelFile, prunedFile } from './session';
import { useStudy } from './study';

/** The network on the bench of the Prune view, as it is pruned there. */
export const PRUNED = 'pruned';

/** The pair that suits a picture: synthetic tiles are for networks trained on such, others for those trained on real ones. */
export function defaultNets(choices: readonly NetChoice[], synthetic: boolean): readonly string[] {
  const suits = choices.filter(({ dataset }) => (dataset === 'synthetic') === synthetic);
  const largest = Math.max(...suits.map(({ size }) => size));
  // Where there are several of a kind, the first: the twin, with the channels of the plain network.
  const first = (kind: NetChoice['role']) =>
    suits.find(({ role, size }) => role === kind && size === largest)?.id;
  return [first('equivariant'), first('plain')].filter((id) => id !== undefined);
}

/** The networks that a run kept, as the link names them, with their titles. */
export function netsOfRun({
  id,
  name,
  records,
}: RunRow): { readonly value: string; readonly label: string }[] {
  return records
    .filter(({ name: stage }) => !stage.startsWith('rotate'))
    .map(({ name: stage }) => ({
      value: `run:${id}:${stage}`,
      label: stage === 'train' ? name : `${name}: ${stage}`,
    }));
}

/** Whether something is pruned on the bench. */
export const isPruned = (): boolean =>
  useExperiment.getState().settled.removed > 0 && useStudy.getState().main !== null;

/** Changes with the network that a name stands for; null for one that never does. */
export function benchKey(name: string): string | null {
  if (name !== PRUNED) return null;
  const state = useExperiment.getState();
  const { subject, seed } = useLab.getState();
  const tuned = finetuningOf(state, state.settled)?.status === 'done';
  return JSON.stringify([subject, seed, settingKey(state.settled), tuned]);
}

/** What the worker is told of a network. */
export async function refOf(name: string): Promise<NetRef> {
  const [, id, stage] = /^run:([^:]+):(.+)$/.exec(name) ?? [];
  if (id) return { kind: 'run', id, stage };
  return name === PRUNED ? prunedRef() : { kind: 'shipped', id: name };
}

async function prunedRef(): Promise<NetRef> {
  const state = useExperiment.getState();
  const { main } = useStudy.getState();
  const { settled } = state;
  const net = useLab.getState().opened?.nets.main;
  if (!main || !net || settled.removed === 0) {
    const problem = 'Nothing is pruned on the Prune view. Prune there, or take this network off.';
    return { kind: 'absent', problem };
  }
  const tuned = finetuningOf(state, settled);
  const isTuned = tuned?.status === 'done';
  const bytes = await (isTuned ? modelFile(tuned.result.key) : prunedFile(settled));
  const share = `${wholePercent(settled.removed / main.units)} of the hidden neurons removed`;
  const title = `${net.title}: ${share}${isTuned ? ', fine-tuned' : ''}`;
  return { kind: 'file', key: benchKey(PRUNED)!, title, bytes };
}
