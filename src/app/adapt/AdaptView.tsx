/** The Adapt view: a plain network drawn towards equivariance on other tiles, what every λ comes to, and which way wins. */
import { useEffect } from 'react';
import { refresh } from '../../state/drivers/training';
import { RunsTable } from '../train/RunsTable';
import layout from '../train/TrainView.module.css';
import { Unreadable } from '../train/Unreadable';
import { WrongOfRun } from '../wrong/WrongOfRun';
import { AdaptCard } from './AdaptCard';
import { AdaptForm } from './AdaptForm';
import classes from './AdaptView.module.css';
import { LambdaCard } from './LambdaCard';
import { WaysCard } from './WaysCard';

export default function AdaptView() {
  useEffect(() => void refresh(), []);
  return (
    <div className={layout.grid}>
      <AdaptForm />
      {/* The form is long: beside it there is room for both. */}
      <div className={classes.column}>
        <AdaptCard />
        <LambdaCard />
      </div>
      <WaysCard className={layout.wide} />
      <WrongOfRun kind="adapting" className={layout.wide} />
      <Unreadable className={layout.wide} />
      <RunsTable kind="adapting" className={layout.wide} />
    </div>
  );
}
