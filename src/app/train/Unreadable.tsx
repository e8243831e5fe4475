/** Runs of which nothing can be read any more: said where runs are listed, with the way to be rid of them. */
import { Alert, Button, Text } from '@mantine/core';
import { removeUnreadable, useTraining } from '../../state/drivers/training';
import { unreadableSentence } from '../../state/words/runs';

export function Unreadable({ className }: { className: string }) {
  const many = useTraining(({ unreadable }) => unreadable.length);
  if (many === 0) return null;
  return (
    <Alert className={className} color="orange" role="status" data-testid="unreadable">
      <Text size="sm">{unreadableSentence(many)}</Text>
      <Button mt="xs" size="xs" variant="default" onClick={() => void removeUnreadable()}>
        Delete {many === 1 ? 'it' : 'them'}
      </Button>
    </Alert>
  );
}
