import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { useExperiment } from '../stores/experiment';
import { useLab } from '../stores/lab';
import { beginSession, client } from '../stores/session';
import { useStudy } from '../stores/study';
import { App } from './App';
import { ErrorBoundary } from './ErrorBoundary';
import { theme } from './theme';

beginSession();

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </MantineProvider>,
);

/** What the end-to-end tests may look at, and the one thing they may do: kill the worker. */
const hooks = {
  lab: useLab.getState,
  study: useStudy.getState,
  experiment: useExperiment.getState,
  terminateWorker: () => client.terminateWorker(),
};
export type Hooks = typeof hooks;
Object.assign(window, { __orbitLab: hooks });
