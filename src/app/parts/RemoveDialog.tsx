/** Asks before something kept in this browser goes, and says what goes with it. */
import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** Of what is to go. */
  readonly name: string;
  readonly opened: boolean;
  onClose(): void;
  onRemove(): void;
  /** What is lost and what stays. */
  readonly children: ReactNode;
}

export function RemoveDialog({ name, opened, onClose, onRemove, children }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Remove “${name}”?`}
      closeButtonProps={{ 'aria-label': 'Cancel' }}
    >
      <Text size="sm">{children}</Text>
      <Group mt="md" gap={8}>
        <Button color="red.9" onClick={onRemove}>
          Remove
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
      </Group>
    </Modal>
  );
}
