/** What was found: a network on a part of its tiles, beside another one. Loaded when it is asked for. */
import { Button, Group, Progress, SegmentedControl, Select, Text } from '@mantine/core';
import { useMemo } from 'react';
import { unsureBelow as withUnsure } from '../../lab/evaluate/report/classReport';
import { compareReports } from '../../lab/evaluate/report/compare';
import { lookAgain, stopLooking } from '../../state/drivers/wrong';
import { againstSentence, wrongSentence } from '../../state/words/wrong';
import { chooseBefore, choosePart, chooseStep, knownOf, resultOf } from '../../state/wrong/looking';
import { type Known, type Looked, useWrong } from '../../state/wrong/wrong';
import type { ReportPart } from '../../worker/protocol/choices';
import { LabelledField } from '../parts/LabelledField';
import { progressText } from '../parts/progress';
import { ClassTable } from './ClassTable';
import { leaving } from './leaving';
import { Matrix } from './Matrix';
import { Reliability } from './Reliability';
import { SaveReport } from './SaveReport';
import { stepOf } from './source';
import { TileLists } from './TileLists';
import classes from './WrongReport.module.css';

const PARTS = [
  { value: 'val', label: 'Validation' },
  { value: 'test', label: 'Test' },
];

export default function WrongReport() {
  const looked = useWrong(({ looked }) => looked);
  if (!looked) return null;
  const result = resultOf(looked, looked.shown);
  return (
    <>
      <Choices looked={looked} />
      {looked.part === 'test' && (
        <p className={`caption ${classes.note}`}>
          Test tiles choose nothing: look at them last, and change nothing by what you see here.
        </p>
      )}
      <Waiting looked={looked} step={looked.shown} known={knownOf(looked, looked.shown)} />
      {result && looked.before !== null && (
        <Waiting looked={looked} step={looked.before} known={knownOf(looked, looked.before)} />
      )}
      {result && <Found looked={looked} />}
    </>
  );
}

function Choices({ looked }: { looked: Looked }) {
  const { subject, shown, before, part } = looked;
  const all = subject.steps.map(({ id, name, isBeside }) => ({ value: id, label: name, isBeside }));
  const steps = all.filter(({ isBeside }) => !isBeside).map(({ value, label }) => ({ value, label }));
  return (
    <div className={classes.choices}>
      {steps.length > 1 && (
        <LabelledField label="Network">
          <div>
            {steps.length <= 4 ? (
              <SegmentedControl
                size="xs"
                aria-label="Network"
                value={shown}
                data={steps}
                onChange={chooseStep}
              />
            ) : (
              <Select
                size="xs"
                aria-label="Network"
                allowDeselect={false}
                value={shown}
                data={steps}
                onChange={(id) => id && chooseStep(id)}
              />
            )}
          </div>
        </LabelledField>
      )}
      {all.length > 1 && (
        <LabelledField label="Beside">
          <Select
            size="xs"
            w={170}
            aria-label="Beside"
            placeholder="no other network"
            clearable
            value={before}
            data={all.filter(({ value }) => value !== shown).map(({ value, label }) => ({ value, label }))}
            onChange={chooseBefore}
          />
        </LabelledField>
      )}
      <LabelledField label="Tiles">
        <div>
          <SegmentedControl
            size="xs"
            aria-label="Tiles"
            value={part}
            data={PARTS}
            onChange={(value) => choosePart(value as ReportPart)}
          />
        </div>
      </LabelledField>
    </div>
  );
}

/** What is being measured, or why it is not there; nothing where it is. */
function Waiting({ looked, step, known }: { looked: Looked; step: string; known: Known | undefined }) {
  const { part } = looked;
  if (known?.status === 'done') return null;
  const { name } = stepOf(looked, step);
  const again = () => lookAgain(step, part);
  if (known?.status === 'failed' || known?.status === 'stopped')
    return (
      <Group className={classes.waiting} gap="sm">
        <Text size="sm" role="status" data-testid="wrong-problem">
          {known.status === 'failed' ? known.message : `${name}: stopped before it was measured.`}
        </Text>
        <Button size="xs" variant="default" onClick={() => leaving(again)}>
          Try again
        </Button>
      </Group>
    );
  const progress = known?.progress ?? null;
  return (
    <div className={classes.waiting}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" role="status">
          {name}: {progressText(progress).toLowerCase()}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => leaving(stopLooking)}>
          Stop
        </Button>
      </Group>
      <Progress
        mt={6}
        value={progress ? (100 * progress.done) / progress.total : 0}
        aria-label="Tiles that went through the network"
        transitionDuration={0}
      />
    </div>
  );
}

function Found({ looked }: { looked: Looked }) {
  const { shown, before, part } = looked;
  const found = resultOf(looked, shown)!;
  const { tiles } = found;
  const was = resultOf(looked, before);
  const { unsureBelow } = looked;
  const report = useMemo(() => withUnsure(found.report, unsureBelow), [found, unsureBelow]);
  const comparison = useMemo(() => (was ? compareReports(was.report, report) : null), [was, report]);
  const compared =
    comparison && was ? { network: stepOf(looked, before).words, report: was.report, comparison } : null;
  return (
    <div data-testid="wrong-report">
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <div>
          <p className={classes.sentence} data-testid="wrong-sentence">
            {wrongSentence(report, tiles)}
          </p>
          {compared && (
            <p className={classes.sentence} data-testid="wrong-before">
              {againstSentence(compared.comparison, compared.network)}
            </p>
          )}
        </div>
        <SaveReport looked={looked} report={report} comparison={comparison} />
      </Group>
      <div className={classes.parts}>
        <Matrix report={report} cell={looked.cell} />
        <ClassTable report={report} before={compared} />
      </div>
      <TileLists looked={looked} report={report} comparison={comparison} />
      <Reliability report={report} part={part} looked={looked} />
    </div>
  );
}
