/** `run --report <dir>`: where each network of a run is wrong on the test tiles, beside the one before it. */
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import { measureReport, partWords } from '../../src/lab/evaluate/report/measure';
import { logitsAtAngles, QUARTERS } from '../../src/lab/evaluate/rotation';
import type { AnyModel } from '../../src/lab/nn/model';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { dataFor, type OutputOptions } from '../work';
import { measureBefore, requireComparable, writeReport } from './evaluateReport';

interface Options extends OutputOptions {
  readonly data: string;
}

/**
 * Writes a folder for each network, called as its file; returns their paths. Throws `BadInput` where the split leaves no
 * test tiles. files: of the networks, in the order of their stages.
 */
export async function writeRunReports(
  folder: string,
  files: readonly string[],
  options: Options,
): Promise<string[]> {
  const written: string[] = [];
  let data: (Awaited<ReturnType<typeof dataFor>> & { readonly key: string }) | undefined;
  let before: { readonly model: AnyModel; readonly name: string } | undefined;
  for (const file of files) {
    const model = await openAnyModel(file);
    const name = path.basename(file);
    const key = JSON.stringify([model.arch.input, model.classes]);
    if (data?.key !== key) data = { ...(await dataFor(model, options.data, undefined)), key };
    const { dataset, splits } = data;
    const tiles = splits.test;
    if (tiles.length === 0)
      throw new BadInput(
        'The run is done and kept, but its split leaves no test tiles, so there is nothing to report on.',
      );
    const logits = await runStage(logitsAtAngles(model, dataset, tiles, QUARTERS), options);
    const measured = { model, dataset, tiles, validation: splits.val, logits, part: 'test' as const };
    const report = await runStage(measureReport(measured), options);
    const was =
      before && isComparable(before.model, model)
        ? await measureBefore(before.name, before.model, measured, report, options)
        : undefined;
    const place = path.join(folder, path.basename(file, '.safetensors'));
    const words = partWords(tiles.length, 'test', dataset);
    await writeReport(
      place,
      report,
      { network: name, tiles: words, notes: [], part: 'test', before: was },
      dataset.title,
    );
    written.push(place);
    before = { model, name };
  }
  return written;
}

function isComparable(before: AnyModel, model: AnyModel): boolean {
  try {
    requireComparable(before, model);
    return true;
  } catch {
    return false;
  }
}
