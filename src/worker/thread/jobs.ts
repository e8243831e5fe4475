/** The jobs that need no network on the bench: runs, files of networks, and data sets. */
import { BadInput } from '../../lab/errors';
import { answersAtTurns } from '../../lab/evaluate/classify';
import { decodeAnyModel, encodeModel } from '../../lab/files/modelFile';
import { takeAlong, zipFolder } from '../../lab/files/takeAlong/takeAlong';
import { fitSquare, sampleSquare } from '../../lab/pictures/cut';
import { runRecipe } from '../../lab/recipe/pipeline';
import { prepare } from '../../lab/recipe/prepare';
import type { BackendReport } from '../../lab/runtime/backend';
import { stagesOf } from '../../storage/runs';
import { openRunStore, PAGE_RUN } from '../../storage/stages';
import { loadDataset } from '../../storage/tiles';
import type { NetKind } from '../protocol/results';
import { fetchCatalogue, fetchModel, realPair } from './catalogue';
import { figuresOf } from './figures';
import type { Handlers } from './host';
import { downloadDataset, importDataset, rotateDataset } from './importing';
import type { JOBS } from './jobNames';
import { holdLock } from './lock';
import { dropCheckpoints, telling } from './reporting';
import { runAndKeep } from './running';

type Jobs = Pick<Handlers, (typeof JOBS)[number]>;

const NO_ONNX =
  'What makes ONNX files and tries them could not be loaded. It is 14 MB, loaded the first time that one is made, and kept from then on: try again with a connection. A file in C can be made without.';

const NO_TFLITE =
  'What makes TFLite files and tries them could not be loaded. It is 10 MB, loaded the first time that one is made, and kept from then on: try again with a connection. A file in C can be made without.';

const NO_C =
  'What makes files in C could not be loaded. It is kept from the first visit on: open the page once with a connection.';

const NO_TIMING =
  'What times networks could not be loaded. It is loaded the first time that it is asked for, and kept from then on: try again with a connection.';

/** `engine` tells which runs; `alive`: called when the page can see that this worker lives. */
export function createJobs(engine: () => BackendReport | null, alive: () => void): Jobs {
  return {
    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *model({ key }) {
      const { store } = await openRunStore(PAGE_RUN);
      const kept = await store.loadStage(key);
      if (!kept?.model) throw new BadInput(`No network is kept under "${key}".`);
      return encodeModel(kept.model);
    },

    async *takeAlong({ file, folder, catalogue }) {
      const model = decodeAnyModel(file);
      const figures = yield* dropCheckpoints(figuresOf(model, catalogue));
      const { files } = await takeAlong(model, figures);
      return await zipFolder(folder, files);
    },

    async *onnx({ file, folder, choices }) {
      const { onnxFiles } = await import('./onnxFile').catch((cause) => {
        throw new BadInput(NO_ONNX, { cause });
      });
      return yield* dropCheckpoints(onnxFiles(decodeAnyModel(file), folder, choices));
    },

    async *tflite({ file, folder, choices }) {
      const { tfliteFiles } = await import('./tfliteFile').catch((cause) => {
        throw new BadInput(NO_TFLITE, { cause });
      });
      return yield* dropCheckpoints(tfliteFiles(decodeAnyModel(file), folder, choices));
    },

    async *time(asked, stop) {
      const { timeHere } = await import('./timing').catch((cause) => {
        throw new BadInput(NO_TIMING, { cause });
      });
      return yield* dropCheckpoints(timeHere(asked, stop));
    },

    async *cFile({ file, folder, rounding }) {
      const { cFiles } = await import('./cFile').catch((cause) => {
        throw new BadInput(NO_C, { cause });
      });
      return await cFiles(decodeAnyModel(file), folder, rounding);
    },

    async *classify({ catalogue: url, name, picture, fit }) {
      yield { type: 'progress', what: 'loading the networks', done: 0, total: 1 };
      const catalogue = await fetchCatalogue(url);
      const pair = realPair(catalogue);
      const part = fitSquare(picture, fit, name);
      const tile = sampleSquare(picture, part, pair.size);
      const nets = [];
      for (const role of ['equivariant', 'plain'] as const satisfies NetKind[]) {
        const { title, model } = await fetchModel(catalogue, url, pair[role]);
        nets.push({ role, title, turns: await answersAtTurns(model, tile) });
      }
      return { name, fit, side: part.side, size: pair.size, tile, nets };
    },

    async *run({ run, recipe, data }) {
      const damages: string[] = [];
      const { store } = await openRunStore(stagesOf(run), undefined, (what) => damages.push(what));
      const stage = runRecipe(prepare(recipe, await loadDataset(data)), store);
      return yield* telling(damages, dropCheckpoints(stage));
    },

    train: (command, stop) => runAndKeep(command, stop, engine()),
    async *import({ name, source, lock, ...wish }) {
      holdLock(lock, alive);
      return yield* dropCheckpoints(importDataset(name, source, wish));
    },
    async *download({ set, name, files, lock }, stop) {
      holdLock(lock, alive);
      return yield* dropCheckpoints(downloadDataset(set, name, files, stop));
    },
    async *rotate({ from, name, lock }) {
      holdLock(lock, alive);
      return yield* dropCheckpoints(rotateDataset(from, name));
    },
  };
}
