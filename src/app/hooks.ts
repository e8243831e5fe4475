/**
 * What the tests in a browser may look at and do, as `window.__orbitLab`: read the stores, run a recipe, kill the worker,
 * have jobs wait.
 * In a build for tests alone (`vite build --mode testing`): the page that people open has no trace of it.
 */
import type { Recipe } from '../lab/recipe/schema';
import { addressHere } from '../state/address/address';
import { useDatasets } from '../state/data/datasets';
import { downloadPublished } from '../state/drivers/datasets';
import { probeAnyway } from '../state/drivers/probing';
import { client } from '../state/drivers/session';
import { networkFile, terminateTraining, useTraining } from '../state/drivers/training';
import { useLab } from '../state/page/lab';
import { useOffline } from '../state/page/offline';
import { useOpening } from '../state/page/opening';
import { useExperiment } from '../state/prune/experiment';
import { useSheets } from '../state/prune/sheets';
import { usePlan } from '../state/train/plan';
import type { JobEvent } from '../worker/protocol/results';
import { hold } from './holds';

export const hooks = {
  address: addressHere,
  lab: useLab.getState,
  opening: useOpening.getState,
  study: useSheets.getState,
  experiment: useExperiment.getState,
  plan: usePlan.getState,
  training: useTraining.getState,
  datasets: useDatasets.getState,
  offline: useOffline.getState,
  /** Downloads a published set by any manifest. */
  download: downloadPublished,
  /** Runs a recipe on the synthetic tiles, or on kept ones; what is finished is kept under `run`, and a second call goes on. */
  run: (run: string, recipe: Recipe, onEvent?: (event: JobEvent) => void, data = 'synthetic') =>
    client.run('run', { run, recipe, data }, onEvent).result,
  /** The network that a kept run left, as a file. */
  networkFile,
  /** Measures the engines on whatever graphics adapter there is. */
  probe: probeAnyway,
  terminateWorker: () => client.terminateWorker(),
  terminateTraining,
  hold,
};
export type Hooks = typeof hooks;
