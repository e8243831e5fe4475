/** The paper's other two tasks: flows foretold and things found, by networks that are trained here and turned here. */
import { Alert, Button, SegmentedControl, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { followTasks, retryTasks } from '../../state/drivers/tasks';
import { type Tab, useTasks } from '../../state/tasks/form';
import { useTasksKnown } from '../../state/tasks/known';
import { Notice } from '../parts/Notice';
import { FlowCard } from './FlowCard';
import { FlowCharts } from './FlowCharts';
import { NetworkCard } from './NetworkCard';
import { PrecisionCard } from './PrecisionCard';
import { SceneCard } from './SceneCard';
import classes from './TasksView.module.css';

const WORDS: Readonly<Record<Tab, string>> = {
  flows:
    'A network foretells a flow that a solver of the lab computes: from the velocity at a time to the one a moment later, at a viscosity of which it has seen little.',
  detection:
    'A network finds halls, tanks and lawns on scenes that are painted by code, on land of which it has seen little. They are no satellite pictures.',
};

export default function TasksView() {
  useEffect(followTasks, []);
  const tab = useTasks(({ tab }) => tab);
  return (
    <div className={classes.grid}>
      <section className={`card ${classes.wide}`} aria-labelledby="tasks-title">
        <div className={classes.head}>
          <Title order={2} size="h4" id="tasks-title">
            The other two tasks
          </Title>
          <SegmentedControl
            size="sm"
            aria-label="Task"
            data={[
              { value: 'flows', label: 'Flows' },
              { value: 'detection', label: 'Detection' },
            ]}
            value={tab}
            onChange={(value) => useTasks.setState({ tab: value as Tab })}
          />
        </div>
        <Text className="caption" component="p" mt={6} mb={0} maw="80ch">
          {WORDS[tab]}
        </Text>
      </section>
      <Troubles />
      <div className={classes.column}>{tab === 'flows' ? <FlowCard /> : <SceneCard />}</div>
      <div className={classes.column}>
        <NetworkCard />
      </div>
      <div className={classes.wide}>{tab === 'flows' ? <FlowCharts /> : <PrecisionCard />}</div>
    </div>
  );
}

function Troubles() {
  const { trouble, refusal, notice } = useTasksKnown();
  if (!trouble && !refusal && !notice) return null;
  return (
    <div className={classes.wide}>
      {trouble && (
        <Alert color="red" role="alert" title="The networks cannot be looked at">
          {trouble}
          <div>
            <Button size="compact-sm" color="red" mt={8} onClick={retryTasks}>
              Try again
            </Button>
          </div>
        </Alert>
      )}
      {refusal && (
        <Notice
          kind="trouble"
          title="The training ended"
          onDismiss={() => useTasksKnown.setState({ refusal: null })}
        >
          {refusal}
        </Notice>
      )}
      {notice && !trouble && (
        <Notice kind="notice" onDismiss={() => useTasksKnown.setState({ notice: null })}>
          {notice}
        </Notice>
      )}
    </div>
  );
}
