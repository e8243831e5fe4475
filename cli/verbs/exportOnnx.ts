import { BadInput } from '../../src/lab/errors';
import { type MadeChoices, PREPROCESSINGS, requireBatch, SCALES } from '../../src/lab/files/onnx/choices';
import { makeOnnx, type Trial } from '../../src/lab/files/onnx/make';
import { comparisonWords, FILE, onnxFolder } from '../../src/lab/files/onnx/readme';
import { madeUpTrial, trialOn } from '../../src/lab/files/onnx/trial';
import type { AnyModel } from '../../src/lab/nn/model';
import { startNodeBackend } from '../node/backend';
import { openAnyModel } from '../node/models';
import { loadOnnxRuntime } from '../node/onnxRuntime';
import { runStage } from '../node/runStage';
import { dataFor, type OutputOptions, oneOf } from '../work';
import { placeFor, tellGraph } from './exportedFiles';

/** What may be chosen of an ONNX file alone. */
export const ONNX_OPTIONS = ['int8', 'scales', 'batch', 'preprocessing'] as const;

export interface ExportOptions extends OutputOptions {
  readonly out: string;
  readonly format: string;
  readonly data?: string;
  readonly int8?: string;
  readonly scales?: string;
  readonly batch?: number;
  readonly preprocessing?: string;
}

/** Writes a network as an ONNX file, when it has been run and held against the lab. */
export async function writeOnnx(reference: string, options: ExportOptions): Promise<void> {
  const { out } = options;
  const choices = choicesOf(options);
  const place = await placeFor(out, FILE, [reference]);
  const model = await openAnyModel(reference);
  await startNodeBackend();
  const { trial, tried } = await trialFor(model, choices, options);
  const made = await runStage(makeOnnx(model, choices, trial, loadOnnxRuntime), options);
  const written = await place.write(onnxFolder(model, made, choices, tried));
  tellGraph(
    written,
    { made, choices, tried, words: comparisonWords(made.comparison, tried, choices) },
    options,
  );
}

function choicesOf({ int8, scales, batch, preprocessing }: ExportOptions): MadeChoices {
  const rounding = int8 === undefined ? 'none' : oneOf('way to round', int8, ['dynamic', 'static']);
  if (scales !== undefined && rounding !== 'static')
    throw new BadInput('--scales is of fixed ranges: give --int8 static too, or leave it out.');
  requireBatch(batch ?? null);
  return {
    rounding,
    scales: oneOf('choice of scales', scales ?? 'channel', SCALES),
    batch: batch ?? null,
    preprocessing: oneOf('place of preprocessing', preprocessing ?? 'inside', PREPROCESSINGS),
  };
}

/** The tiles named, else pictures that are made up. */
export async function trialFor(
  model: AnyModel,
  { rounding }: Pick<MadeChoices, 'rounding'>,
  { data }: ExportOptions,
): Promise<{ trial: Trial; tried: string }> {
  if (data !== undefined) {
    const { dataset, splits } = await dataFor(model, data, undefined);
    const trial = trialOn(dataset, splits);
    return { trial, tried: `${trial.check.length} test tiles of ${dataset.title}` };
  }
  if (rounding === 'static')
    throw new BadInput('Fixed ranges are found on tiles: say which with --data, or choose --int8 dynamic.');
  const trial = madeUpTrial(model.arch.input);
  return { trial, tried: `${trial.check.length} made-up pictures` };
}
