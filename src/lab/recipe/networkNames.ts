/** What a network of a run is called: the run's own name, and in a word or two what was done to it. */
import type { StageRecord } from '../stage/store';

const WORDS: Readonly<Record<string, string>> = {
  continue: 'continued',
  distil: 'distilled',
  prune: 'pruned',
  'prune-fields': 'fields pruned',
  'prune-orbits': 'orbits pruned',
  'prune-blocks': 'blocks pruned',
  'prune-filters': 'filters pruned',
  finetune: 'fine-tuned',
  adapt: 'adapted',
  project: 'projected',
  quantise: 'INT8',
  study: 'of a study',
};

/** Whether a record is of a check or of a fold, which leave no network; checks of before they told their kind are known by their names. */
export const leavesNothing = ({
  name,
  kind,
}: Pick<StageRecord, 'name'> & { readonly kind?: unknown }): boolean =>
  kind === 'check' || kind === 'adapt-fold' || name.startsWith('check ');

/** "half" for a run's training, "half, INT8" for a later stage of it. */
export function networkName(
  run: string,
  { name, kind }: Pick<StageRecord, 'name'> & { readonly kind?: unknown },
): string {
  const done = typeof kind === 'string' ? kind : name.split(' ')[0];
  return done === 'train' ? run : `${run}, ${WORDS[done] ?? name}`;
}

/** The names of a run's networks, in their order: two of one kind are told apart by a number. */
export function networkNames(
  run: string,
  records: readonly (Pick<StageRecord, 'name'> & { readonly kind?: unknown })[],
): string[] {
  const counts = new Map<string, number>();
  return records.map((record) => {
    const name = networkName(run, record);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

/** A network's name without what was done to it: its file tells that, whole. */
export const firstName = (name: string): string => name.split(', ')[0];
