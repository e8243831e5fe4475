/** The shell: header, what went wrong if anything did, and the view. */
import { Container } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { sizeShown, useFlags } from '../../state/page/flags';
import { useGlossary } from '../../state/page/glossary';
import { useLab } from '../../state/page/lab';
import { useLesson } from '../../state/page/lesson';
import { useView } from '../../state/page/view';
import { useSheets } from '../../state/prune/sheets';
import { Hideable } from '../parts/Hideable';
import { ModelBar } from '../parts/ModelBar';
import { Opening } from '../parts/Opening';
import { Header } from './Header';
import { NetworkDrop } from './NetworkDrop';
import { Notices } from './Notices';

// The first view is asked for at once, but the header and the progress of opening do not wait for its charts.
const pruneView = import('../prune/PruneView');
const PruneView = lazy(() => pruneView.then(({ PruneView }) => ({ default: PruneView })));
const RotateView = lazy(() => import('../rotate/RotateView'));
const FieldsView = lazy(() => import('../fields/FieldsView'));
const TrainView = lazy(() => import('../train/TrainView'));
const PipelineView = lazy(() => import('../pipeline/PipelineView'));
const DatasetsView = lazy(() => import('../data/DatasetsView'));
const PaperView = lazy(() => import('../paper/PaperView'));
const LearnView = lazy(() => import('../learn/LearnView'));
const LessonPanel = lazy(() => import('../learn/LessonPanel'));
const Glossary = lazy(() => import('./Glossary'));

export function App() {
  const view = useView(({ view }) => view);
  const size = useFlags(sizeShown);
  const hasLesson = useLesson(({ open }) => open !== null);
  useEffect(() => {
    document.documentElement.dataset.size = size;
  }, [size]);
  return (
    <>
      <NetworkDrop />
      <Header />
      {hasLesson && (
        <Suspense>
          <LessonPanel />
        </Suspense>
      )}
      <Container component="main" id="main" tabIndex={-1} size={1240} px={{ base: 12, sm: 24 }} pb={48}>
        <Notices />
        <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
          {view === 'prune' && <Prune />}
          {view === 'rotate' && <RotateView />}
          {view === 'fields' && <FieldsView />}
          {view === 'train' && <TrainView />}
          {view === 'pipeline' && <PipelineView />}
          {view === 'data' && <DatasetsView />}
          {view === 'paper' && <PaperView />}
          {view === 'learn' && <LearnView />}
        </Suspense>
      </Container>
      <GlossaryDrawer />
    </>
  );
}

/** Loaded when it is opened for the first time; stays, so that it can close in its own time. */
function GlossaryDrawer() {
  const isOpen = useGlossary(({ isOpen }) => isOpen);
  const [wasOpened, setOpened] = useState(false);
  if (isOpen && !wasOpened) setOpened(true);
  return (
    wasOpened && (
      <Suspense>
        <Glossary />
      </Suspense>
    )
  );
}

function Prune() {
  // Deferred: drawing the view for the first time is work that may be interrupted.
  const hasStudy = useDeferredValue(useSheets(({ main }) => main !== null));
  const failed = useLab(({ status }) => status === 'failed');
  // A changed subject takes the sheet away at once.
  const isThere = useSheets(({ main }) => main !== null);
  return (
    <>
      {/* Stays while a network is opened, and where one could not be: the way to another one. */}
      <Hideable part="model">
        <ModelBar />
      </Hideable>
      {hasStudy && isThere ? <PruneView /> : !failed && <Opening />}
    </>
  );
}
