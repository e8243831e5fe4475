/** The Pipeline view: what to run, the run as a rail of cards, its figures in one table, and all pipelines kept. */
import { useEffect } from 'react';
import { refresh } from '../../state/drivers/training';
import { RunsTable } from '../train/RunsTable';
import layout from '../train/TrainView.module.css';
import { Unreadable } from '../train/Unreadable';
import { WrongOfRun } from '../wrong/WrongOfRun';
import { PipelineCard } from './PipelineCard';
import { PipelineForm } from './PipelineForm';
import { StagesCard } from './StagesCard';

export default function PipelineView() {
  useEffect(() => void refresh(), []);
  return (
    <div className={layout.grid}>
      <PipelineForm />
      <PipelineCard />
      <StagesCard className={layout.wide} />
      <WrongOfRun kind="pipeline" className={layout.wide} />
      <Unreadable className={layout.wide} />
      <RunsTable kind="pipeline" className={layout.wide} />
    </div>
  );
}
