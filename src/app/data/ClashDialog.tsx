/** Asks before a kept data set is replaced by one of the same name. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useDatasets } from '../../state/data/datasets';
import { resolveClash } from '../../state/drivers/datasets';
import { sizeSentence } from '../../state/words/data';

export function ClashDialog() {
  const clashing = useDatasets(({ clashing }) => clashing);
  const kept = useDatasets(({ rows, clashing }) => rows?.find(({ id }) => id === clashing?.name));
  return (
    <Modal
      opened={clashing !== null}
      onClose={() => resolveClash('cancel')}
      title={`“${clashing?.name}” is kept already`}
      closeButtonProps={{ 'aria-label': 'Cancel' }}
    >
      <Text size="sm">
        {kept && `It holds ${sizeSentence(kept)}. `}
        It is replaced only when everything was read and written; until then it stays. Runs trained on it can
        then not be continued, because their tiles are gone.
      </Text>
      <Group mt="md" gap={8}>
        <Button onClick={() => resolveClash('both')} data-autofocus>
          Keep both
        </Button>
        <Button variant="default" onClick={() => resolveClash('replace')}>
          Replace it
        </Button>
        <Button variant="default" onClick={() => resolveClash('cancel')}>
          Cancel
        </Button>
      </Group>
    </Modal>
  );
}
