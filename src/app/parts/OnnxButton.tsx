/** Opens what is chosen of a file of a network for other programs. */
import { Button, type ButtonProps } from '@mantine/core';
import { FORMAT_TITLES } from '../../lab/files/formats';
import { type OnnxSubject, openOnnxOf } from '../../state/page/onnx';

interface Props extends ButtonProps {
  readonly subject: OnnxSubject;
  /** Where several stand on a page: of which network. */
  readonly label?: string;
}

export function OnnxButton({ subject, label, ...looks }: Props) {
  return (
    <Button
      size="xs"
      variant="default"
      flex="none"
      title="To run it in other programs"
      aria-label={label}
      aria-haspopup="dialog"
      {...looks}
      onClick={() => openOnnxOf(subject)}
    >
      {FORMAT_TITLES}
    </Button>
  );
}
