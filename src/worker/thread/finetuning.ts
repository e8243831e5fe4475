/**
 * Fine-tuning at one position of the slider: found where it was finished before, gone on with where it was cut off,
 * and done by one page of this browser at a time, which the others follow.
 */
import { datasetHash, keysHash } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import type { SessionResult } from '../../lab/prune/tuning/session';
import { tuningSteps } from '../../lab/recipe/handmade';
import type { RunStore } from '../../lab/stage/store';
import { isDiskFull } from '../../storage/db';
import { holdRun } from '../../storage/runLock';
import { openRunStore } from '../../storage/stages';
import { noteUse } from '../../storage/uses';
import type { NetName, Setting } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import type { Handlers } from './host';
import { dropCheckpoints, telling } from './reporting';
import type { OnBench } from './slider';

/** How often a page looks at what another one has reached, in milliseconds. */
const LOOK = 500;

/** `opened` finds what was opened last; fine-tuned networks are kept in the store `run`. */
export function createFinetuneHandler(
  opened: (net: NetName) => OnBench | undefined,
  run: string,
): Pick<Handlers, 'finetune'> {
  const tilesKeys = new WeakMap<OnBench, string>();
  const tilesKeyOf = (found: OnBench): string => {
    const known = tilesKeys.get(found) ?? hashTiles(found);
    tilesKeys.set(found, known);
    return known;
  };
  return {
    async *finetune({ net, setting, again }, stop) {
      const found = opened(net);
      if (!found) throw new BadInput('Open a pair of networks before fine-tuning one.');
      const damages: string[] = [];
      const { store, problem } = await openRunStore(run, undefined, (what) => damages.push(what));
      if (problem) yield { type: 'warning', message: `A reload loses this network. ${problem}` };
      const { slider } = found;
      const settings = slider.settingsOf(setting);
      const key = [
        ...[slider.key, found.fingerprint, tilesKeyOf(found), keyOf(setting)],
        ...['seed', found.seed, JSON.stringify(settings)],
      ].join(' ');
      const { release, hasWaited } = yield* takeTurn(key, store, stop);
      try {
        // What another page has just done is new enough.
        if (again && !hasWaited) await store.forget(key);
        await noteUse(run, key);
        const session = slider.finetune(setting, { store: tellingOrigin(store, found, setting), key, stop });
        const result = yield* telling(damages, dropCheckpoints(session));
        return { key, tiles: slider.splits.val.length, ...result };
      } catch (error) {
        throw isDiskFull(error) ? new BadInput(DISK_FULL, { cause: error }) : error;
      } finally {
        release();
      }
    },
  };
}

/** Waits until no other page is at it, and tells what that one has reached. */
async function* takeTurn(
  key: string,
  store: RunStore,
  stop: AbortSignal,
): AsyncGenerator<JobEvent, { release: () => void; hasWaited: boolean }, void> {
  for (let hasWaited = false; ; hasWaited = true) {
    const release = await holdRun(key, hasWaited ? LOOK : undefined);
    if (release) return { release, hasWaited };
    if (stop.aborted) {
      throw new BadInput('Another tab of this browser fine-tunes this very setting; stop it there.');
    }
    yield { type: 'elsewhere', history: (await store.loadCheckpoint(key))?.history ?? [] };
  }
}

/** A store whose networks say how they were made. */
function tellingOrigin(store: RunStore, { slider, tellOrigin, seed }: OnBench, setting: Setting): RunStore {
  return {
    ...store,
    saveStage(record, model) {
      if (!model) return store.saveStage(record);
      const { baseline, start } = record as unknown as SessionResult;
      const steps = [
        slider.stepOf(setting, { accuracy: start, baseline }),
        ...tuningSteps(slider.settingsOf(setting), seed, record as unknown as SessionResult),
      ];
      return store.saveStage(record, { ...model, provenance: tellOrigin(steps) });
    },
  };
}

/** Stands for the tiles and the way they are split. */
function hashTiles({ slider: { dataset, splits } }: OnBench): string {
  const { train, val } = splits;
  return [datasetHash(dataset), keysHash(dataset, train), keysHash(dataset, val)].join('-');
}

function keyOf({ method, compensation, removed, scope }: Setting): string {
  return [method, compensation, removed, scope].join(' ');
}

const DISK_FULL =
  'The disk is full, or this browser may keep no more, so the fine-tuning ended. The epochs that were kept before are still there; remove a run, a data set or a point of the Fields view, or free space on the disk, then run it again.';
