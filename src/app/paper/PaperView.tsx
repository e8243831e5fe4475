/** The Paper view: what of the paper holds, as findings with their commands and as reports of its tables. */
import { Text, Title } from '@mantine/core';
import { Suspense, useEffect, useRef } from 'react';
import {
  type AnyReport,
  FINDINGS,
  hasSweeps,
  openReport,
  refuseReport,
  reportShown,
  SWEEP,
  show,
  showReport,
  usePaper,
} from '../../state/paper/paper';
import { ChooseFiles } from '../parts/ChooseFiles';
import { lazyView } from '../parts/lazyView';
import { Notice } from '../parts/Notice';
import { useDropZone } from '../parts/useDropZone';
import { Findings } from './Findings';
import classes from './PaperView.module.css';
import { ReportView } from './ReportView';
import { SHELVES, SHIPPED } from './shipped';
import { TaskReportView } from './TaskReportView';

const SweepView = lazyView(() => import('../sweep/SweepView'));

/** So many pixels of what is read are to be seen, or it is brought there. */
const SEEN = 120;

export default function PaperView() {
  const over = useDropZone(({ dataTransfer }) => {
    const file = dataTransfer?.files[0];
    if (file) void openReport(file);
  });
  return (
    <div className={classes.grid}>
      <Choices over={over} />
      <Reading />
    </div>
  );
}

function Choices({ over }: { over: boolean }) {
  const { shown, reports, trouble } = usePaper();
  const opened = Object.keys(reports).filter((key) => !SHIPPED.some((each) => each.key === key));
  return (
    <section className="card" data-over={over || undefined} aria-labelledby="paper-title">
      <Title order={2} size="h4" id="paper-title">
        The paper, and what the lab measures
      </Title>
      <Text className="caption" component="p" mt={4} mb={12}>
        “Equivariant-Aware Structured Pruning for Efficient Edge Deployment”, arXiv 2511.17242; the last three
        lines are of equivariant fine-tuning. Every figure of the lab here was measured; every one of a
        paper’s was printed.
      </Text>
      <div className={classes.choices}>
        <Choice
          title="What we could and could not reproduce"
          isShown={shown === FINDINGS}
          onChoose={() => show(FINDINGS)}
        />
        {(hasSweeps() || shown === SWEEP) && (
          <Choice title="Sweeps" isShown={shown === SWEEP} onChoose={() => show(SWEEP)} />
        )}
        {opened.map((key) => (
          <Choice key={key} title={key} isShown={shown === key} onChoose={() => show(key)} />
        ))}
        <ChooseFiles
          label="Open a report …"
          variant="subtle"
          accept=".json,application/json"
          onFiles={([file]) => void openReport(file)}
        />
      </div>
      <ul className={classes.shelves} aria-label="Reports of tables">
        {SHELVES.map(([table, reports]) => (
          <li key={table}>
            <span>{table}</span>
            <div>
              {reports.map(({ key, scale, title }) => (
                <Choice
                  key={key}
                  title={scale}
                  name={title}
                  isShown={shown === key}
                  onChoose={() => show(key)}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
      {trouble && (
        <Notice
          kind="trouble"
          mt="sm"
          title="That did not work"
          onDismiss={() => usePaper.setState({ trouble: null })}
        >
          {trouble}
        </Notice>
      )}
    </section>
  );
}

interface ChoiceProps {
  title: string;
  /** For who does not see what it stands beside. */
  name?: string;
  isShown: boolean;
  onChoose(): void;
}

function Choice({ title, name, isShown, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      className={classes.choice}
      aria-label={name}
      aria-current={isShown || undefined}
      onClick={onChoose}
    >
      {title}
    </button>
  );
}

/** What is read, brought into sight; whoever chose it goes on reading there. */
function Reading() {
  const shown = usePaper(({ shown }) => shown);
  const report = usePaper(reportShown);
  const isKnown = shown === FINDINGS || shown === SWEEP || report !== undefined;
  useEffect(() => {
    if (isKnown) return;
    const shipped = SHIPPED.find(({ key }) => key === shown);
    if (shipped) void showReport(shown, shipped.read);
    else refuseReport(shown);
  }, [shown, isKnown]);
  const place = useRef<HTMLElement>(null);
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (!isKnown || shown === last.current) return;
    const isChosen = last.current !== null;
    last.current = shown;
    if (isChosen) place.current!.focus({ preventScroll: true });
    const { top } = place.current!.getBoundingClientRect();
    const isSeen = top >= 0 && top < innerHeight - SEEN;
    if (!isSeen && (isChosen || shown !== FINDINGS)) place.current!.scrollIntoView({ block: 'start' });
  }, [shown, isKnown]);
  return (
    <section ref={place} aria-label="What is shown" tabIndex={-1} className={classes.grid}>
      <Shown shown={shown} report={report} />
    </section>
  );
}

function Shown({ shown, report }: { shown: string; report: AnyReport | undefined }) {
  if (shown === FINDINGS) return <Findings />;
  if (shown === SWEEP)
    return (
      <Suspense fallback={<div className="card" style={{ minHeight: 480 }} aria-busy="true" />}>
        <SweepView />
      </Suspense>
    );
  if (report?.kind === 'orbit-lab task report') return <TaskReportView report={report} />;
  if (report) return <ReportView report={report} />;
  return <div className="card" style={{ minHeight: 480 }} aria-busy="true" />;
}
