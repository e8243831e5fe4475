/** The shell: header, what went wrong if anything did, and the view. */
import { Container } from '@mantine/core';
import { Suspense, useDeferredValue, useEffect, useState } from 'react';
import { useComingIn } from '../../state/page/comingIn';
import { useCompare } from '../../state/page/compare';
import { useExporting } from '../../state/page/exporting';
import { sizeShown, useFlags } from '../../state/page/flags';
import { useGlossary } from '../../state/page/glossary';
import { useLab } from '../../state/page/lab';
import { LESSON_BOARD, useLesson } from '../../state/page/lesson';
import { useView, VIEW_NAMES } from '../../state/page/view';
import { useSheets } from '../../state/prune/sheets';
import { useStory } from '../../state/prune/story';
import { Hideable } from '../parts/Hideable';
import { lazyView } from '../parts/lazyView';
import { ModelBar } from '../parts/ModelBar';
import { Opening } from '../parts/Opening';
import { Header } from './Header';
import { LessonToCome } from './LessonToCome';
import { Notices } from './Notices';
import { PageDrop } from './PageDrop';
import { SidewaysSliders } from './SidewaysSliders';
import { ViewBoundary } from './ViewBoundary';

// The first view is asked for at once, but the header and the progress of opening do not wait for its charts.
let early: ReturnType<typeof loadPrune> | null = loadPrune();
early.catch(() => {});
const PruneView = lazyView(async () => {
  const view = early ?? loadPrune();
  early = null;
  return { default: (await view).PruneView };
});
const RotateView = lazyView(() => import('../rotate/RotateView'));
const FieldsView = lazyView(() => import('../fields/FieldsView'));
const TrainView = lazyView(() => import('../train/TrainView'));
const PipelineView = lazyView(() => import('../pipeline/PipelineView'));
const AdaptView = lazyView(() => import('../adapt/AdaptView'));
const TasksView = lazyView(() => import('../tasks/TasksView'));
const DatasetsView = lazyView(() => import('../data/DatasetsView'));
const PaperView = lazyView(() => import('../paper/PaperView'));
const LearnView = lazyView(() => import('../learn/LearnView'));
const LessonPanel = lazyView(() => import('../learn/LessonPanel'));
const Glossary = lazyView(() => import('./Glossary'));
const ExportDialog = lazyView(() => import('../parts/ExportDialog'));
const ComeInDialog = lazyView(() => import('../parts/ComeInDialog'));
const CompareDialog = lazyView(() => import('../parts/CompareDialog'));

/** For who was never here. */
const Story = lazyView(async () => ({ default: (await import('../prune/Story')).Story }));

function loadPrune() {
  return import('../prune/PruneView');
}

export function App() {
  const view = useView(({ view }) => view);
  const size = useFlags(sizeShown);
  const isCovered = useFlags(({ wanted }) => wanted?.covers === 'view');
  const hasLesson = useLesson(({ open }) => open !== null);
  useEffect(() => {
    document.documentElement.dataset.size = size;
  }, [size]);
  return (
    <>
      <PageDrop />
      <SidewaysSliders />
      <Header />
      {hasLesson && (
        <ViewBoundary view={view} what="The lesson">
          <Suspense fallback={<LessonToCome />}>
            <LessonPanel />
          </Suspense>
        </ViewBoundary>
      )}
      <Container component="main" id="main" tabIndex={-1} size={1240} px={{ base: 12, sm: 24 }} pb={48}>
        <Notices />
        {/* A lesson brings pictures along. */}
        <div id={LESSON_BOARD} className="figure" />
        {/* Not taken away: what was set in it stays, and it is there again at once. */}
        <div hidden={isCovered}>
          <ViewBoundary view={view} what={`The view ${VIEW_NAMES[view]}`}>
            <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
              {view === 'prune' && <Prune />}
              {view === 'rotate' && <RotateView />}
              {view === 'fields' && <FieldsView />}
              {view === 'train' && <TrainView />}
              {view === 'pipeline' && <PipelineView />}
              {view === 'adapt' && <AdaptView />}
              {view === 'tasks' && <TasksView />}
              {view === 'data' && <DatasetsView />}
              {view === 'paper' && <PaperView />}
              {view === 'learn' && <LearnView />}
            </Suspense>
          </ViewBoundary>
        </div>
      </Container>
      <GlossaryDrawer />
      <Export />
      <ComeIn />
      <Compare />
    </>
  );
}

/** Loaded when it is opened for the first time; stays, so that it can close in its own time. */
function GlossaryDrawer() {
  const isOpen = useGlossary(({ isOpen }) => isOpen);
  const [wasOpened, setOpened] = useState(false);
  if (isOpen && !wasOpened) setOpened(true);
  const view = useView(({ view }) => view);
  return (
    wasOpened && (
      <ViewBoundary view={view} what="The glossary">
        <Suspense>
          <Glossary />
        </Suspense>
      </ViewBoundary>
    )
  );
}

/** As the glossary: loaded when it is first opened, then left there. */
function Export() {
  const isOpen = useExporting(({ isOpen }) => isOpen);
  const [wasOpened, setOpened] = useState(false);
  if (isOpen && !wasOpened) setOpened(true);
  const view = useView(({ view }) => view);
  return (
    wasOpened && (
      <ViewBoundary view={view} what="What is chosen of a file for other programs">
        <Suspense>
          <ExportDialog />
        </Suspense>
      </ViewBoundary>
    )
  );
}

/** As the glossary: what has to be told of a network from elsewhere. */
function ComeIn() {
  const isAsked = useComingIn(({ asked, came }) => asked !== null || came !== null);
  const [wasAsked, setAsked] = useState(false);
  if (isAsked && !wasAsked) setAsked(true);
  const view = useView(({ view }) => view);
  return (
    wasAsked && (
      <ViewBoundary view={view} what="What is asked of a network from elsewhere">
        <Suspense>
          <ComeInDialog />
        </Suspense>
      </ViewBoundary>
    )
  );
}

/** As the glossary. */
function Compare() {
  const isOpen = useCompare(({ isOpen }) => isOpen);
  const [wasOpened, setOpened] = useState(false);
  if (isOpen && !wasOpened) setOpened(true);
  const view = useView(({ view }) => view);
  return (
    wasOpened && (
      <ViewBoundary view={view} what="The layers of two networks">
        <Suspense>
          <CompareDialog />
        </Suspense>
      </ViewBoundary>
    )
  );
}

function Prune() {
  // Deferred: drawing the view for the first time is work that may be interrupted.
  const hasStudy = useDeferredValue(useSheets(({ main }) => main !== null));
  const failed = useLab(({ status }) => status === 'failed');
  // A changed subject takes the sheet away at once.
  const isThere = useSheets(({ main }) => main !== null);
  const bar = (
    <Hideable part="model">
      <ModelBar />
    </Hideable>
  );
  const screen = useStory(({ screen }) => screen);
  const hasLesson = useLesson(({ open }) => open !== null);
  if (screen && !failed && !hasLesson)
    return (
      <Suspense fallback={<div className="card" style={{ minHeight: 544 }} aria-busy="true" />}>
        <Story screen={screen} />
      </Suspense>
    );
  if (hasStudy && isThere) return <PruneView between={bar} />;
  return (
    <>
      {!failed && <Opening />}
      {/* While a network is opened, and where one could not be, the way to another one. */}
      {bar}
    </>
  );
}
