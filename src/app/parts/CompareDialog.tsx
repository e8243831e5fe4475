/** Two networks beside each other: layer by layer what went and what changed, and how fast they answer here. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { readLayers, takeNetworkFiles } from '../../state/drivers/compare';
import { closeCompare, swapNetworks, useCompare } from '../../state/page/compare';
import { ChooseFiles } from './ChooseFiles';
import classes from './CompareDialog.module.css';
import { LayersBeside } from './LayersBeside';
import { Pace } from './Pace';
import { useDialog } from './useDialog';
import { useDropZone } from './useDropZone';

export default function CompareDialog() {
  const { isOpen, before, after, layers } = useCompare();
  const isOut = useDialog(isOpen, closeCompare);
  useEffect(() => {
    if (isOpen) void readLayers();
  }, [isOpen, before, after]);
  return (
    <Modal.Root opened={isOut} onClose={closeCompare} size={1180}>
      <Modal.Overlay />
      <Modal.Content>
        {/* No <header>: the page has one, and there is to be no second banner. */}
        <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb="xs">
          <Modal.Title>{before ? 'Before and after, layer by layer' : 'Layer by layer'}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body>
          <Stack gap="md">
            <Sides />
            <div role="status" data-testid="compare-said">
              {layers.status === 'reading' && <Text size="sm">Reading the networks …</Text>}
              {layers.status === 'failed' && <Text size="sm">{layers.message}</Text>}
            </div>
            {layers.status === 'done' && <LayersBeside diff={layers.diff} alone={before === null} />}
            {layers.status === 'done' && <Pace />}
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Which two, and files in their place. */
function Sides() {
  const { before, after } = useCompare();
  const isOver = useDropZone((event) => takeNetworkFiles([...(event.dataTransfer?.files ?? [])]));
  return (
    <div className={classes.sides} data-over={isOver || undefined}>
      <dl>
        <dt>Before</dt>
        <dd>{before?.name ?? 'none chosen'}</dd>
        <dt>After</dt>
        <dd>{after?.name}</dd>
      </dl>
      <Group gap={6} className={classes.files}>
        <ChooseFiles
          label="Before: a file …"
          variant="default"
          accept=".safetensors,.onnx"
          onFiles={(files) => takeNetworkFiles(files, 'before')}
        />
        <ChooseFiles
          label="After: a file …"
          variant="default"
          accept=".safetensors,.onnx"
          onFiles={(files) => takeNetworkFiles(files, 'after')}
        />
        {before && after && (
          <Button
            size="sm"
            variant="default"
            title="What was after is before, and the other way round"
            onClick={swapNetworks}
          >
            Swap
          </Button>
        )}
      </Group>
      <p className="caption">
        Files of networks, of the lab or from elsewhere (.safetensors, .onnx); dropped here, one takes the
        place of the network before, two are before and after.
      </p>
    </div>
  );
}
