import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import './shell/inter.css';
import './shell/app.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import type { Recipe } from '../lab/recipe/schema';
import { addressHere } from '../state/address/address';
import { useDatasets } from '../state/data/datasets';
import { downloadPublished, tellCutOff } from '../state/drivers/datasets';
import { followLibrary } from '../state/drivers/library';
import { followEngines, probeAnyway } from '../state/drivers/probing';
import { client, reopen } from '../state/drivers/session';
import { beginTraining, networkFile, terminateTraining, useTraining } from '../state/drivers/training';
import { useLab } from '../state/page/lab';
import { useOffline } from '../state/page/offline';
import { useExperiment } from '../state/prune/experiment';
import { useSheets } from '../state/prune/sheets';
import { usePlan } from '../state/train/plan';
import type { JobEvent } from '../worker/protocol/protocol';
import { App } from './shell/App';
import { ErrorBoundary } from './shell/ErrorBoundary';
import { theme } from './shell/theme';

/** Draws the page; the session has begun. */
export function showPage(): void {
  void beginTraining();
  followLibrary();
  void tellCutOff();
  followEngines(() => reopen());

  if (import.meta.env.PROD) {
    // Its files are fetched once more to be kept: not before the page has what it needs.
    const unsubscribe = useLab.subscribe(({ status }) => {
      if (status !== 'ready') return;
      unsubscribe();
      void import('../offline/register').then(({ keepOffline }) => keepOffline(useOffline.setState));
    });
  }

  createRoot(document.getElementById('root')!).render(
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </MantineProvider>,
  );
}

/** What the end-to-end tests and the console may look at and do: read the stores, run a recipe, kill the worker. */
const hooks = {
  address: addressHere,
  lab: useLab.getState,
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
};
export type Hooks = typeof hooks;
Object.assign(window, { __orbitLab: hooks });
