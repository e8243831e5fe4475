/** A button that lets files be chosen, of a folder where it says so; the same ones can be chosen again. */
import { Button, type ButtonProps, FileButton } from '@mantine/core';
import { useRef } from 'react';

interface Props extends Pick<ButtonProps, 'variant' | 'disabled'> {
  readonly label: string;
  readonly folder?: boolean;
  /** Endings or MIME types that are offered; any where it is absent. */
  readonly accept?: string;
  /** Whether more than one file can be chosen. */
  readonly several?: boolean;
  /** Not called where nothing was chosen. */
  onFiles(files: readonly File[]): void;
}

export function ChooseFiles({ label, folder = false, accept, several = folder, onFiles, ...look }: Props) {
  const reset = useRef<() => void>(null);
  return (
    <FileButton<boolean>
      resetRef={reset}
      accept={accept}
      multiple={several}
      inputProps={folder ? FOLDER : undefined}
      onChange={(chosen) => {
        const files = [chosen ?? []].flat();
        if (files.length > 0) onFiles(files);
        // Without this, a browser says nothing when the same file is chosen again.
        reset.current?.();
      }}
    >
      {(props) => (
        <Button {...props} {...look} size="sm">
          {label}
        </Button>
      )}
    </FileButton>
  );
}

/** Not in React's types; every desktop browser knows it. */
const FOLDER = { webkitdirectory: '' } as React.ComponentProps<'input'>;
