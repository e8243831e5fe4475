/** Pruning inside the trunk of the network on the bench: what is known of it is found out once and kept. */
import { BadInput } from '../../lab/errors';
import type { GcnnModel } from '../../lab/families/gcnn/model';
import type { TrunkChoice, Tuning } from '../../lab/prune/trunk/choice';
import {
  type PrunedTrunk,
  pruneTrunk,
  rankTrunk,
  type TrunkBench,
  tuneTrunk,
} from '../../lab/prune/trunk/trunk';
import { forgetSteps, type KeptChoice } from '../../lab/prune/tuning/keptSteps';
import { type Checkpointing, STOPPED } from '../../lab/prune/tuning/keptTuning';
import { removedUnits } from '../../lab/prune/units/units';
import { trunkSteps } from '../../lab/recipe/handmade';
import { mapEvents, type Stage } from '../../lab/stage/events';
import type { RunStore } from '../../lab/stage/store';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import { isDiskFull } from '../../storage/db';
import { trunkKey, unfinishedKey } from '../../storage/points';
import { holdRun } from '../../storage/runLock';
import { openRunStore } from '../../storage/stages';
import { noteUse } from '../../storage/uses';
import type { JobEvent, MeasuredTrunk } from '../protocol/results';
import type { Handlers } from './host';
import { telling } from './reporting';
import { needStudy, type OnBench } from './slider';

/** What the jobs call their progress, in words. */
const WORDS: Readonly<Record<string, string>> = {
  activations: 'looking at what each unit answers',
  angles: 'turning the tiles',
  features: 'running the pruned network',
  norms: 're-estimating the norms',
  timing: 'timing smaller networks',
  validation: 'checking the epoch',
};

/** `opened` finds what was opened last; pruned networks are kept in the store `run`. */
export function createTrunkHandlers(
  opened: () => OnBench | undefined,
  run: string,
): Pick<Handlers, 'rankTrunk' | 'pruneTrunk'> {
  const benches = new WeakMap<OnBench, TrunkBench>();
  const need = (): { found: OnBench; bench: TrunkBench } => {
    const found = opened();
    if (!found) throw new BadInput('Open a network before pruning it.');
    const study = needStudy(found);
    if (study.model.arch.group === 'C1') {
      throw new BadInput(
        'This network is plain: it has no symmetry that pruning could keep. Open an equivariant one.',
      );
    }
    const bench = benches.get(found) ?? { study, seed: found.seed };
    benches.set(found, bench);
    return { found, bench };
  };
  return {
    async *rankTrunk({ grain }) {
      const { found, bench } = need();
      return { fingerprint: found.fingerprint, ranking: yield* describeProgress(rankTrunk(bench, grain)) };
    },

    async *pruneTrunk({ choice, tuning }, stop) {
      const { bench, found } = need();
      const { fingerprint } = found;
      const key = trunkKey(fingerprint, choice, tuning);
      const save = async ({ result, model }: Measured, began: number): Promise<MeasuredTrunk> => {
        if (!model) return { fingerprint, key: null, result };
        const { store } = await openRunStore(run);
        const { after, arch: _, ...rest } = result;
        const own = { accuracy: after.turned[0], seconds: (performance.now() - began) / 1000 };
        const steps =
          choice.units === 'channels'
            ? null
            : trunkSteps(
                choice,
                bench.study.model.arch,
                result,
                tuning && { steps: tuning.steps, settings: settingsOf(tuning), seed: bench.seed },
              );
        // Where no recipe makes it, its file says what was chosen.
        const told = steps ? { ...model, provenance: found.tellOrigin(steps) } : model;
        await store.saveStage({ ...rest, ...after, ...own, name: key, choice, tuning }, told);
        return { fingerprint, key, result };
      };
      const began = performance.now();
      if (!tuning) return await save(yield* describeProgress(pruneTrunk(bench, choice)), began);
      const stage = prepareTuning(bench, choice, tuning);
      const release = await holdRun(key);
      if (!release) {
        throw new BadInput(
          'Another tab of this browser fine-tunes this very setting; look there, or close it first.',
        );
      }
      try {
        const damages: string[] = [];
        const { store } = await openRunStore(run, undefined, (what) => damages.push(what));
        await noteUse(run, key);
        const checkpointing = { store, key: unfinishedKey(key), stop };
        const decided = await loadDecided(store, trunkKey(fingerprint, choice, null), bench);
        const measured = yield* telling(damages, describeProgress(stage(checkpointing, decided)));
        const saved = await save(measured, began);
        // One that was stopped can be gone on with.
        if (measured.result.tuned?.stop !== STOPPED) await forgetSteps(checkpointing, tuning.steps);
        return saved;
      } catch (error) {
        throw isDiskFull(error) ? new BadInput(DISK_FULL, { cause: error }) : error;
      } finally {
        release();
      }
    },
  };
}

const DISK_FULL =
  'The disk is full, or this browser may keep no more, so the fine-tuning ended. The epochs that were kept before are still there; remove a point, a run or a data set, or free space on the disk, then go on.';

interface Measured {
  readonly result: MeasuredTrunk['result'];
  readonly model: GcnnModel | null;
}

function prepareTuning(
  bench: TrunkBench,
  choice: TrunkChoice,
  tuning: Tuning,
): (checkpointing: Checkpointing, given: KeptChoice | undefined) => Stage<Measured> {
  if (choice.units === 'channels') {
    throw new BadInput(
      'Silenced channels leave no network of the same group, so there is nothing to fine-tune: choose fields or orbits.',
    );
  }
  return (checkpointing, given) =>
    tuneTrunk(bench, choice, settingsOf(tuning), tuning.steps, checkpointing, given);
}

const settingsOf = ({ scope, distil }: Tuning) =>
  finetuneSettingsSchema.parse({ scope, ...(distil && { distil: {} }) });

/** Which fields stayed when the same choice was measured: it is that network which is to be fine-tuned. */
async function loadDecided(
  store: RunStore,
  key: string,
  { study }: TrunkBench,
): Promise<KeptChoice | undefined> {
  const { gone, reached = null } =
    ((await store.loadStage(key))?.record as unknown as PrunedTrunk | undefined) ?? {};
  if (!gone) return undefined;
  const { blocks } = study.model.arch;
  return { kept: gone.map((fields, i) => Array.from(removedUnits(fields, blocks[i].fields))), reached };
}

/** Passes a stage on, with its progress in words and without the checkpoints, which are large. */
function describeProgress<T>(stage: Stage<T>): AsyncGenerator<JobEvent, T, void> {
  return mapEvents(stage, (event) => {
    if (event.type === 'checkpoint') return null;
    return event.type === 'progress' ? { ...event, what: WORDS[event.what] ?? event.what } : event;
  });
}
