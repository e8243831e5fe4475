/** The Train view: what to train, the run that trains, and all runs kept in this browser. */
import { useEffect } from 'react';
import { refresh } from '../../state/drivers/training';
import { WrongOfRun } from '../wrong/WrongOfRun';
import { Comparison } from './Comparison';
import { PlanForm } from './PlanForm';
import { RunCard } from './RunCard';
import { RunsTable } from './RunsTable';
import classes from './TrainView.module.css';

import { Unreadable } from './Unreadable';

export default function TrainView() {
  useEffect(() => void refresh(), []);
  return (
    <div className={classes.grid}>
      <PlanForm />
      <RunCard />
      <WrongOfRun kind="training" className={classes.wide} />
      <Unreadable className={classes.wide} />
      <RunsTable kind="training" className={classes.wide} />
      <Comparison className={classes.wide} />
    </div>
  );
}
