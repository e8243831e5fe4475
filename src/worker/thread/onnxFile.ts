/** A network as an ONNX file, made and tried for the page. Loaded when the first one is asked for. */
import { bandsFor } from '../../lab/data/bands';
import { datasetHash, shrinkTiles } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import type { MadeChoices } from '../../lab/files/onnx/choices';
import { makeOnnx, type Trial } from '../../lab/files/onnx/make';
import { comparisonWords, onnxFolder } from '../../lab/files/onnx/readme';
import { runtimeVersion } from '../../lab/files/onnx/runtime';
import { madeUpTrial, trialOn } from '../../lab/files/onnx/trial';
import { zipFolder } from '../../lab/files/takeAlong/zip';
import type { AnyModel } from '../../lab/nn/model';
import { splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import type { Stage } from '../../lab/stage/events';
import { loadDataset } from '../../storage/tiles';
import type { ExportedFiles } from '../protocol/protocol';
import { loadOnnxRuntime } from './onnxRuntime';

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

/** Test tiles of the set that the network learnt from, where this browser has it; else pictures that are made up. */
async function trialFor(
  model: AnyModel,
  { rounding }: MadeChoices,
): Promise<{ trial: Trial; tried: string }> {
  const origin = provenanceIn(model);
  const source = origin && (await loadDataset(origin.data.name).catch(() => null));
  if (origin?.recipe.split && source && datasetHash(source) === origin.data.fingerprint) {
    const dataset = shrinkTiles(bandsFor(source, model.arch.input), model.arch.input.size);
    const trial = trialOn(dataset, splitOf(source, origin.recipe.split));
    return { trial, tried: `${trial.check.length} test tiles of ${dataset.title}` };
  }
  if (rounding === 'static')
    throw new BadInput(
      'Fixed ranges are found on the tiles that the network learnt from, and this browser does not have them: import them under Data, or choose ranges found anew.',
    );
  const trial = madeUpTrial(model.arch.input);
  return { trial, tried: `${trial.check.length} made-up pictures` };
}
