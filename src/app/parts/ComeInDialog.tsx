/** A network from elsewhere: what it does not say of itself has to be told; what was found is shown before it is kept. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { readAsTold } from '../../state/drivers/comingIn';
import { giveUp, tell, useComingIn } from '../../state/page/comingIn';
import { CameInPreview } from './CameInPreview';
import { useDialog } from './useDialog';

export default function ComeInDialog() {
  const { asked, came } = useComingIn();
  const isOut = useDialog(asked !== null || came !== null, giveUp);
  return (
    <Modal.Root opened={isOut} onClose={giveUp} size={came ? 'xl' : 'md'}>
      <Modal.Overlay />
      <Modal.Content>
        {/* No <header>: the page has one, and there is to be no second banner. */}
        <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb="xs">
          <Modal.Title>A network from elsewhere</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body>{came ? <CameInPreview came={came} /> : <Form />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Form() {
  const { asked, told, isReading } = useComingIn();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void readAsTold();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" role="status">
          {asked?.problem}
        </Text>
        <TextInput
          label="Size of its pictures, in pixels"
          placeholder="64"
          inputMode="numeric"
          value={told.size}
          onChange={({ currentTarget: { value } }) => tell({ size: value })}
        />
        <Group grow align="start">
          <TextInput
            label="Mean of pixel / 255"
            placeholder="0.5, 0.5, 0.5"
            value={told.mean}
            onChange={({ currentTarget: { value } }) => tell({ mean: value })}
          />
          <TextInput
            label="Standard deviation"
            placeholder="0.25, 0.25, 0.25"
            value={told.std}
            onChange={({ currentTarget: { value } }) => tell({ std: value })}
          />
        </Group>
        <TextInput
          label="Names of its classes"
          description="In the order of its answers, with commas between; without them they have numbers."
          value={told.classes}
          onChange={({ currentTarget: { value } }) => tell({ classes: value })}
        />
        <Textarea
          label="Order of its layers"
          description="Only where their names do not tell it."
          placeholder="conv1 norm1 relu maxpool:2 flatten fc1"
          autosize
          value={told.layers}
          onChange={({ currentTarget: { value } }) => tell({ layers: value })}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isReading}>
            Read it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
