/** Before the first curve: what is being done, and how far it is. */
import { Progress, Text, Title } from '@mantine/core';
import { useLab } from '../../state/page/lab';
import { useOpening } from '../../state/page/opening';
import { progressText } from './progress';

export function Opening() {
  const progress = useLab(({ progress }) => progress);
  const kind = useLab(({ subject }) => subject.kind);
  const stands = useOpening(({ stands }) => stands);
  const share = progress ? progress.done / progress.total : 0;
  return (
    <section
      className="card"
      style={{ minHeight: 480, display: 'grid', placeContent: 'center' }}
      aria-busy="true"
    >
      <div style={{ width: 'min(420px, 80vw)' }}>
        <Title order={2} size="h4" mb={4}>
          Opening the lab
        </Title>
        <Text className="caption" mb="sm" role="status">
          {progressText(progress)}
        </Text>
        <Progress value={100 * share} aria-label="Progress of opening" transitionDuration={120} />
        {stands && (
          <Text className="caption" mt="sm" role="alert">
            Nothing has moved for a while. What this waits for is tried again, or given up, by itself; if it
            still stands in a minute, reload the page: nothing that is kept is lost.
          </Text>
        )}
        <Text className="caption" mt="sm">
          {kind === 'pair'
            ? 'Two trained networks, one equivariant and one plain, are loaded and run over tiles on this computer.'
            : 'What was trained here is loaded and run over its tiles on this computer.'}
        </Text>
      </div>
    </section>
  );
}
