/** While the network's fields are ranked for the first time. */
import { Button, Progress, Text, Title } from '@mantine/core';
import { retryTrunk } from '../../state/drivers/trunk';
import { useTrunk } from '../../state/fields/trunkState';
import { progressText } from '../parts/progress';
import classes from './FieldsView.module.css';

export function Ranking() {
  const progress = useTrunk(({ progress }) => progress);
  const trouble = useTrunk(({ trouble }) => trouble);
  return (
    <section className={`card ${classes.ranking}`} aria-busy={trouble === null}>
      <Title order={2} size="h4">
        Ranking the fields
      </Title>
      {trouble ? (
        <>
          <p role="alert">{trouble}</p>
          <Button size="sm" onClick={retryTrunk}>
            Try again
          </Button>
        </>
      ) : (
        <>
          <Text className="caption" role="status">
            {progressText(progress)}
          </Text>
          <Progress
            value={progress ? (100 * progress.done) / progress.total : 0}
            aria-label="Progress of ranking"
            transitionDuration={120}
          />
          <Text className="caption">
            The training tiles run once through the network, forwards and backwards: what each field answers
            and how the loss depends on it.
          </Text>
        </>
      )}
    </section>
  );
}
