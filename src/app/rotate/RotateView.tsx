/** The Rotate view: bring pictures, turn them, and see what networks make of it. */
import { useEffect } from 'react';
import { followTurning } from '../../stores/looking';
import { paintSamples, showSample, usePictures } from '../../stores/pictures';
import { SAMPLES } from '../../stores/samples';
import { useTurning } from '../../stores/turning';
import { Answers } from './Answers';
import { DialCard } from './DialCard';
import classes from './RotateView.module.css';

export default function RotateView() {
  useEffect(begin, []);
  return (
    <div className={classes.grid}>
      <DialCard />
      <Answers />
    </div>
  );
}

/** Shows the sample that the link names, unless a picture is there already. */
function begin(): void {
  followTurning();
  const { sample } = useTurning.getState();
  const { shown } = usePictures.getState();
  if (!shown) void showSample((SAMPLES.find(({ id }) => id === sample) ?? SAMPLES[0]).id).then(paintSamples);
}
