/** Pruning inside the trunk of the network on the bench: what is known of it is found out once and kept. */
import { BadInput } from '../lab/errors';
import { passing, type Stage } from '../lab/events';
import type { Model } from '../lab/nn/model';
import { pruneTrunk, rankTrunk, type TrunkBench, tuneTrunk } from '../lab/prune/trunk';
import type { Tuning } from '../lab/prune/trunkChoice';
import { finetuneSettingsSchema } from '../lab/train/settings';
import { openRunStore } from '../library/stages';
import type { OpenStudy } from './extracting';
import type { Handlers } from './host';
import type { JobEvent, MeasuredTrunk } from './protocol';

/** What the jobs call their progress, in words. */
const WORDS: Readonly<Record<string, string>> = {
  activations: 'looking at what each unit answers',
  angles: 'turning the tiles',
  features: 'running the pruned network',
  norms: 're-estimating the norms',
};

type Opened = OpenStudy & { readonly print: string };

/** `opened` finds what was opened last; pruned networks are kept in the store `run`. */
export function pruningTrunks(
  opened: () => Opened | undefined,
  run: string,
): Pick<Handlers, 'rankTrunk' | 'pruneTrunk'> {
  const benches = new WeakMap<OpenStudy, TrunkBench>();
  const need = (): { found: Opened; bench: TrunkBench } => {
    const found = opened();
    if (!found) throw new BadInput('Open a network before pruning it.');
    if (found.study.model.arch.group === 'C1') {
      throw new BadInput(
        'This network is plain: it has no symmetry that pruning could keep. Open an equivariant one.',
      );
    }
    const bench = benches.get(found) ?? { study: found.study, seed: found.seed };
    benches.set(found, bench);
    return { found, bench };
  };
  return {
    async *rankTrunk({ grain }) {
      const { found, bench } = need();
      return { print: found.print, ranking: yield* worded(rankTrunk(bench, grain)) };
    },

    async *pruneTrunk({ choice, tuning }) {
      const { found, bench } = need();
      const began = performance.now();
      const { result, model } = yield* worded(pruned(bench, choice, tuning));
      const { print } = found;
      if (!model) return { print, key: null, result };
      const key = `trunk ${print} ${JSON.stringify(choice)} ${JSON.stringify(tuning)}`;
      const { store } = await openRunStore(run);
      const { after, arch: _, ...rest } = result;
      const seconds = (performance.now() - began) / 1000;
      await store.saveStage(
        { ...rest, ...after, name: key, accuracy: after.turned[0], seconds, choice, tuning },
        model,
      );
      return { print, key, result };
    },
  };
}

function pruned(
  bench: TrunkBench,
  choice: Parameters<typeof pruneTrunk>[1],
  tuning: Tuning | null,
): Stage<{ result: MeasuredTrunk['result']; model: Model | null }> {
  if (!tuning) return pruneTrunk(bench, choice);
  if (choice.units === 'channels') {
    throw new BadInput(
      'Silenced channels leave no network of the same group, so there is nothing to fine-tune: choose fields or orbits.',
    );
  }
  const { scope, steps, distil } = tuning;
  const settings = finetuneSettingsSchema.parse({ scope, ...(distil && { distil: {} }) });
  return tuneTrunk(bench, choice, settings, steps);
}

/** Passes a stage on, with its progress in words and without the checkpoints, which are large. */
function worded<T>(stage: Stage<T>): AsyncGenerator<JobEvent, T, void> {
  return passing(stage, (event) => {
    if (event.type === 'checkpoint') return null;
    return event.type === 'progress' ? { ...event, what: WORDS[event.what] ?? event.what } : event;
  });
}
