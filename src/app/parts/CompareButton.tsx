/** Opens a network's layers and how fast it answers, beside the network that it was made from. */
import { Button, type ButtonProps } from '@mantine/core';
import { type NetworkFile, openCompare } from '../../state/page/compare';

interface Props extends ButtonProps {
  readonly before: NetworkFile | null;
  readonly after: NetworkFile;
  /** Where several stand on a page: of which network. */
  readonly label?: string;
}

export function CompareButton({ before, after, label, ...looks }: Props) {
  return (
    <Button
      size="xs"
      variant="default"
      flex="none"
      title="Layer beside layer what went and what changed, and how fast it answers on this device"
      aria-label={label}
      aria-haspopup="dialog"
      {...looks}
      onClick={() => openCompare(before, after)}
    >
      Layers, speed
    </Button>
  );
}
