import { BadInput } from '../../src/lab/errors';
import { PREPROCESSINGS } from '../../src/lab/files/onnx/choices';
import { TFLITE_ROUNDINGS, type TfliteChoices } from '../../src/lab/files/tflite/choices';
import { makeTflite } from '../../src/lab/files/tflite/make';
import { FILE, tfliteFolder, tfliteWords } from '../../src/lab/files/tflite/readme';
import { startNodeBackend } from '../node/backend';
import { loadLiteRt } from '../node/liteRt';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { oneOf } from '../work';
import { placeFor, tellGraph } from './exportedFiles';
import { type ExportOptions, trialFor } from './exportOnnx';

/** Writes a network as a TFLite file, when it has been run by LiteRT and held against the lab. */
export async function writeTflite(reference: string, options: ExportOptions): Promise<void> {
  const { out } = options;
  const choices = choicesOf(options);
  const place = await placeFor(out, FILE, [reference]);
  const model = await openAnyModel(reference);
  await startNodeBackend();
  const { trial, tried } = await trialFor(model, { rounding: 'none' }, options);
  const made = await runStage(makeTflite(model, choices, trial, loadLiteRt), options);
  const written = await place.write(tfliteFolder(model, made, choices, tried));
  tellGraph(written, { made, choices, tried, words: tfliteWords(made, choices, tried) }, options);
}

/** Throws `BadInput` for what only ONNX files have. */
function choicesOf({ int8, scales, batch, preprocessing }: ExportOptions): TfliteChoices {
  if (scales !== undefined)
    throw new BadInput(
      '--scales is of ONNX files: leave it out. A TFLite file has a scale of weights for each output.',
    );
  if (int8 === 'static')
    throw new BadInput(
      'A TFLite file has no fixed ranges: choose --int8 dynamic, which finds them anew for each picture, or --format onnx.',
    );
  return {
    rounding: int8 === undefined ? 'none' : oneOf('way to round', int8, TFLITE_ROUNDINGS.slice(1)),
    batch: batch ?? 1,
    preprocessing: oneOf('place of preprocessing', preprocessing ?? 'inside', PREPROCESSINGS),
  };
}
