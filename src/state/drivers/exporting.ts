/** Has the worker make a file for other programs; one in ONNX it runs and holds against the lab. */
import type { JobEvent } from '../../worker/protocol/protocol';
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
    const job =
      format === 'c'
        ? client.run(
            'cFile',
            { ...what, rounding: choices.rounding === 'dynamic' ? 'dynamic' : 'none' },
            onEvent,
          )
        : client.run('onnx', { ...what, choices }, onEvent);
    put({ status: 'done', files: await job.result });
  } catch (error) {
    put({ status: 'failed', message: explain(error) });
  }
}
