/** Has the worker make an ONNX file, run it and hold it against the lab. */
import { useOnnx } from '../page/onnx';
import { explain } from '../words/explain';
import { client } from './session';

export async function makeOnnxFile(): Promise<void> {
  const { subject, choices } = useOnnx.getState();
  if (!subject) return;
  /** Unless another network or choice has taken its place. */
  const put = (state: ReturnType<typeof useOnnx.getState>['state']) => {
    const now = useOnnx.getState();
    if (now.subject === subject && now.choices === choices) useOnnx.setState({ state });
  };
  put({ status: 'making', progress: null });
  try {
    const file = new Uint8Array(await subject.load());
    const job = client.run('onnx', { file, folder: subject.name, choices }, (event) => {
      if (event.type === 'progress') put({ status: 'making', progress: event });
    });
    put({ status: 'done', files: await job.result });
  } catch (error) {
    put({ status: 'failed', message: explain(error) });
  }
}
