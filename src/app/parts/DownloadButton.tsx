/** Hands a network out as a file. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '../../lab/errors';
import { useLab } from '../../state/page/lab';
import { save } from '../saving/save';

interface Props {
  readonly label: string;
  /** What it gives, where the label does not say it all. */
  readonly title?: string;
  /** Of the file. */
  readonly name: string;
  readonly disabled?: boolean;
  /** Makes the file, or fetches it from where it is kept. */
  load(): Promise<Uint8Array>;
}

/** What is handed out beside the lab's own file. */
export const TAKE_ALONG = 'To run it elsewhere: ordinary convolutions, a Python script, a README';

export function DownloadButton({ label, title, name, disabled = false, load }: Props) {
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      save(new Uint8Array(await load()), name);
    } catch (error) {
      useLab.setState({ refusal: `The network could not be handed out: ${messageOf(error)}` });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="xs"
      variant="default"
      flex="none"
      title={title}
      loading={busy}
      disabled={disabled}
      onClick={() => void download()}
    >
      {label}
    </Button>
  );
}
