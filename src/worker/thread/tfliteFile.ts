/** A network as a TFLite file, made and tried for the page. Loaded when the first one is asked for. */

import { zipFolder } from '../../lab/files/takeAlong/zip';
import type { TfliteChoices } from '../../lab/files/tflite/choices';
import { makeTflite } from '../../lab/files/tflite/make';
import { tfliteFolder, tfliteWords } from '../../lab/files/tflite/readme';
import { liteRtVersion } from '../../lab/files/tflite/runtime';
import type { AnyModel } from '../../lab/nn/model';
import type { Stage } from '../../lab/stage/events';
import type { ExportedFiles } from '../protocol/results';
import { loadLiteRt } from './liteRt';
import { trialFor } from './trial';

export async function* tfliteFiles(
  model: AnyModel,
  folder: string,
  choices: TfliteChoices,
): Stage<ExportedFiles> {
  yield { type: 'progress', what: 'loading LiteRT', done: 0, total: 1 };
  // What cannot be tried is not begun.
  await liteRtVersion(loadLiteRt);
  const { trial, tried } = await trialFor(model, { rounding: 'none' });
  const made = yield* makeTflite(model, choices, trial, loadLiteRt);
  return {
    network: made.network.bytes,
    zip: await zipFolder(folder, tfliteFolder(model, made, choices, tried)),
    said: tfliteWords(made, choices, tried),
  };
}
