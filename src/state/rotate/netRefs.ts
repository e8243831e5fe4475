/** Networks as the link names them: those beside the page, those kept of runs, and the one pruned on the bench. */
import { anyNamedArch } from '../../lab/families/anyArch';
import { leavesNothing, networkNames } from '../../lab/recipe/networkNames';
import type { StageRecord } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import type { Subject } from '../../worker/protocol/choices';
import type { NetChoice } from '../../worker/protocol/results';
import type { BroughtPicture } from './pictures';

/** The network on the bench of the Prune view, as it is pruned there. */
export const PRUNED = 'pruned';

/**
 * The networks that suit a picture. A tile of a kept data set is for those trained on that set in this browser, the newest
 * of each kind, where there are any. Else synthetic tiles are for the shipped pair trained on such, and all others for the
 * pair trained on real ones.
 *
 * @param runs the newest first.
 */
export function defaultNets(
  choices: readonly NetChoice[],
  runs: readonly RunRow[],
  { synthetic, dataset }: Pick<BroughtPicture, 'synthetic' | 'dataset'>,
): readonly string[] {
  const own = dataset ? trainedOn(runs, dataset.id) : [];
  return own.length > 0 ? own : shippedPair(choices, synthetic);
}

/** The newest equivariant and the newest plain network trained on a kept data set. */
function trainedOn(runs: readonly RunRow[], id: string): string[] {
  const trained = runs.filter(({ data, records }) => data.ref === id && records.some(isTraining));
  return [false, true].flatMap((plain) => {
    const newest = trained.find((run) => isPlain(run) === plain);
    return newest ? [`run:${newest.id}:train`] : [];
  });
}

function isPlain({ recipe }: RunRow): boolean {
  const { id, ...choices } = recipe.arch;
  return anyNamedArch(id, choices).group === 'C1';
}

function shippedPair(choices: readonly NetChoice[], synthetic: boolean): string[] {
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
  const left = records.filter((record) => !leavesNothing(record));
  const labels = networkNames(name, left);
  return left.map(({ name: stage }, i) => ({ value: `run:${id}:${stage}`, label: labels[i] }));
}

/** A network kept as a file, as the link names it. */
export const keptNet = (id: string): string => `file:${id}`;

/** The kept network that such a name stands for; null for another kind of name. */
export const keptIn = (name: string): string | null => /^file:(.+)$/.exec(name)?.[1] ?? null;

/** Records of before they told their kind are known by their names. */
const isTraining = ({ kind, name }: StageRecord): boolean => kind === 'train' || name === 'train';

/** The run and the stage that such a name stands for; null for another kind of name. */
export function stageOf(name: string): { readonly id: string; readonly stage: string } | null {
  const [, id, stage] = /^run:([^:]+):(.+)$/.exec(name) ?? [];
  return id ? { id, stage } : null;
}

/** A network of mine, as the link names it; of a run without a stage, that of its training. */
export const linkName = (subject: Subject): string =>
  subject.kind === 'file'
    ? keptNet(subject.id)
    : `run:${subject.id}:${(subject.kind === 'run' && subject.stage) || 'train'}`;
