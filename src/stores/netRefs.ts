/** Networks as the link names them: those beside the page, those kept of runs, and the one pruned on the bench. */
import type { RunRow } from '../library/runs';
import type { NetChoice } from '../worker/protocol';

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

/** The run and the stage that such a name stands for; null for another kind of name. */
export function stageOf(name: string): { readonly id: string; readonly stage: string } | null {
  const [, id, stage] = /^run:([^:]+):(.+)$/.exec(name) ?? [];
  return id ? { id, stage } : null;
}
