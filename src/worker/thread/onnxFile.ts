/** A network as an ONNX file, made and tried for the page. Loaded when the first one is asked for. */
import type { MadeChoices } from '../../lab/files/onnx/choices';
import { makeOnnx } from '../../lab/files/onnx/make';
import { comparisonWords, onnxFolder } from '../../lab/files/onnx/readme';
import { runtimeVersion } from '../../lab/files/onnx/runtime';
import { zipFolder } from '../../lab/files/takeAlong/zip';
import type { AnyModel } from '../../lab/nn/model';
import type { Stage } from '../../lab/stage/events';
import type { ExportedFiles } from '../protocol/results';
import { loadOnnxRuntime } from './onnxRuntime';
import { trialFor } from './trial';

export async function* onnxFiles(
  model: AnyModel,
  folder: string,
  choices: MadeChoices,
): Stage<ExportedFiles> {
  yield { type: 'progress', what: 'loading ONNX Runtime', done: 0, total: 1 };
  // What cannot be tried is not begun.
  await runtimeVersion(loadOnnxRuntime);
  const { trial, tried } = await trialFor(model, choices);
  const made = yield* makeOnnx(model, choices, trial, loadOnnxRuntime);
  const files = onnxFolder(model, made, choices, tried);
  return {
    network: made.network.bytes,
    zip: await zipFolder(folder, files),
    said: comparisonWords(made.comparison, tried, choices),
  };
}
