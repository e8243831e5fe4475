/** Opens what is chosen of an ONNX file of a network. */
import { Button, type ButtonProps } from '@mantine/core';
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
      title="To run it in other programs: a file for ONNX Runtime and others, tried here"
      aria-label={label}
      aria-haspopup="dialog"
      {...looks}
      onClick={() => openOnnxOf(subject)}
    >
      ONNX
    </Button>
  );
}
