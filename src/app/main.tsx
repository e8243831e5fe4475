import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import './shell/inter.css';
import './shell/app.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { tellCutOff } from '../state/drivers/datasets';
import { followLibrary } from '../state/drivers/library';
import { followEngines } from '../state/drivers/probing';
import { reopen } from '../state/drivers/session';
import { beginTraining } from '../state/drivers/training';
import { useLab } from '../state/page/lab';
import { useOffline } from '../state/page/offline';
import { trainingsUnderWay } from '../state/tasks/underWay';
import { tellHold } from './holds';
import { hooks } from './hooks';
import { App } from './shell/App';
import { ErrorBoundary } from './shell/ErrorBoundary';
import { theme } from './shell/theme';

/** Draws the page; the session has begun. */
export function showPage(): void {
  void beginTraining();
  if (trainingsUnderWay().length > 0)
    void import('../state/drivers/tasks').then(({ takeUpTasks }) => takeUpTasks());
  followLibrary();
  void tellCutOff();
  followEngines(() => reopen());

  if (import.meta.env.MODE === 'testing') {
    Object.assign(window, { __orbitLab: hooks });
    tellHold();
  }

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
