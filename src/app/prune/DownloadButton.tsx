/** Hands the fine-tuned network out as a file, from where the worker kept it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '../../lab/errors';
import { useLab } from '../../stores/lab';
import { modelFile } from '../../stores/session';
import type { Finetuned } from '../../worker/protocol';
import { save } from '../save';

export function DownloadButton({ fineTuned }: { fineTuned: Finetuned }) {
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      save(new Uint8Array(await modelFile(fineTuned.key)), 'orbit-lab-pruned.safetensors');
    } catch (error) {
      useLab.setState({ notice: `The network could not be handed out: ${messageOf(error)}` });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="xs" variant="default" loading={busy} onClick={() => void download()}>
      Save network
    </Button>
  );
}
