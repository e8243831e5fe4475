/** Opens what is chosen of a file of a network for other programs. */
import { Button, type ButtonProps } from '@mantine/core';
import { FORMAT_TITLES } from '../../lab/files/formats';
import { type ExportSubject, openExport } from '../../state/page/exporting';

interface Props extends ButtonProps {
  readonly subject: ExportSubject;
  /** Where several stand on a page: of which network. */
  readonly label?: string;
}

export function ExportButton({ subject, label, ...looks }: Props) {
  return (
    <Button
      size="xs"
      variant="default"
      flex="none"
      title="To run it in other programs"
      aria-label={label}
      aria-haspopup="dialog"
      {...looks}
      onClick={() => openExport(subject)}
    >
      {FORMAT_TITLES}
    </Button>
  );
}
