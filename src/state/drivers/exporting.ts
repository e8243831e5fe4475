/** Has the worker make a file for other programs; one in ONNX or TFLite it runs and holds against the lab. */
import type { FileFormat } from '../../lab/files/formats';
import type { MadeChoices } from '../../lab/files/onnx/choices';
import type { JobEvent } from '../../worker/protocol/results';
import { useExporting } from '../page/exporting';
import { explain } from '../words/explain';
import { client } from './session';

export async function makeExport(): Promise<void> {
  const { subject, format, choices } = useExporting.getState();
  if (!subject) return;
  /** Unless another network or choice has taken its place. */
  const put = (state: ReturnType<typeof useExporting.getState>['state']) => {
    const now = useExporting.getState();
    if (now.subject === subject && now.format === format && now.choices === choices)
      useExporting.setState({ state });
  };
  put({ status: 'making', progress: null });
  try {
    const file = new Uint8Array(await subject.load());
    const what = { file, folder: subject.name };
    const onEvent = (event: JobEvent) => {
      if (event.type === 'progress') put({ status: 'making', progress: event });
    };
    const job = jobOf(format, choices, what, onEvent);
    put({ status: 'done', files: await job.result });
  } catch (error) {
    put({ status: 'failed', message: explain(error) });
  }
}

function jobOf(
  format: FileFormat,
  { rounding, batch, preprocessing, scales }: MadeChoices,
  what: { readonly file: Uint8Array; readonly folder: string },
  onEvent: (event: JobEvent) => void,
) {
  // A format without fixed ranges is offered none (chooseFormat).
  const known = rounding === 'static' ? 'none' : rounding;
  if (format === 'c') return client.run('cFile', { ...what, rounding: known }, onEvent);
  if (format === 'onnx')
    return client.run('onnx', { ...what, choices: { rounding, batch, preprocessing, scales } }, onEvent);
  // Its calls have one number of pictures.
  const choices = { rounding: known, batch: batch ?? 1, preprocessing };
  return client.run('tflite', { ...what, choices }, onEvent);
}
