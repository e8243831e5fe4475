/** The Rotate view: bring pictures, turn them, and see what networks make of it. */
import { Alert, Button } from '@mantine/core';
import { useEffect } from 'react';
import { givenByDrop, givenByInput } from '../../state/data/dropped';
import { followTurning, retryLooking } from '../../state/drivers/looking';
import { bring, paintSamples, showSample } from '../../state/drivers/pictures';
import { useLooking } from '../../state/rotate/looking';
import { usePictures } from '../../state/rotate/pictures';
import { SAMPLES } from '../../state/rotate/samples';
import { useTurning } from '../../state/rotate/turning';
import { Notice } from '../parts/Notice';
import { useDropZone } from '../parts/useDropZone';
import { Answers } from './Answers';
import { BatchCard } from './BatchCard';
import { DialCard } from './DialCard';
import { FieldsCard } from './FieldsCard';
import { IntakeCard } from './IntakeCard';
import { OrbitCard } from './OrbitCard';
import { PolarCard } from './PolarCard';
import classes from './RotateView.module.css';
import { SceneCard } from './SceneCard';

export default function RotateView() {
  useEffect(begin, []);
  useEffect(() => {
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, []);
  const over = useDropZone((event) => void bring(() => givenByDrop(event)));
  return (
    <div className={classes.grid}>
      <div className={classes.wide}>
        <IntakeCard over={over} />
        <Trouble />
      </div>
      <DialCard />
      <div className={classes.side}>
        <Answers />
        <PolarCard />
      </div>
      <div className={classes.wide}>
        <SceneCard />
      </div>
      <div className={classes.wide}>
        <BatchCard />
      </div>
      <div className={classes.wide}>
        <OrbitCard />
      </div>
      <div className={classes.wide}>
        <FieldsCard />
      </div>
    </div>
  );
}

/** Pictures in the clipboard; text goes where text goes. */
function paste({ clipboardData }: ClipboardEvent): void {
  const files = [...(clipboardData?.files ?? [])];
  if (files.length > 0) void bring(() => givenByInput(files));
}

function Trouble() {
  const trouble = useLooking(({ trouble }) => trouble);
  const notice = useLooking(({ notice }) => notice);
  return (
    <>
      {trouble && (
        <Alert color="red" role="alert" mt="md" title="The networks cannot look at this">
          {trouble}
          <div>
            <Button size="compact-sm" color="red" mt={8} onClick={retryLooking}>
              Try again
            </Button>
          </div>
        </Alert>
      )}
      {notice && !trouble && (
        <Notice kind="notice" mt="md" onDismiss={() => useLooking.setState({ notice: null })}>
          {notice}
        </Notice>
      )}
    </>
  );
}

/** Shows the sample that the link names, unless a picture is there already. */
function begin(): void {
  followTurning();
  const { sample } = useTurning.getState();
  const { shown } = usePictures.getState();
  const named = SAMPLES.find(({ id }) => id === sample) ?? SAMPLES[0];
  if (!shown) void showSample(named.id).then(paintSamples);
}
