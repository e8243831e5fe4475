import path from 'node:path';
import type { Command } from 'commander';
import { totalCost } from '../../src/lab/evaluate/cost';
import { figuresMarkdown } from '../../src/lab/evaluate/report/document';
import { logitsAt } from '../../src/lab/evaluate/rotation';
import { takeAlong, zipFolder } from '../../src/lab/files/takeAlong/takeAlong';
import type { AnyModel } from '../../src/lab/nn/model';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns, sizeWords } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { dataFor, type OutputOptions, print } from '../work';
import { measureReport } from './evaluateReport';

interface Options extends OutputOptions {
  out: string;
  data?: string;
}

/** `export <model>`: the network with ordinary convolutions, a script that runs it, and a README. */
export function exportNetwork(program: Command): void {
  program
    .command('export <model>')
    .description('write the network with ordinary convolutions, a Python script that runs it, and a README')
    .requiredOption('--out <place>', 'a folder, or a file ending in .zip')
    .option(
      '--data <ref>',
      'a dataset: the README says how the network does on its test tiles, class by class',
    )
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const { out } = options;
      const model = await openAnyModel(reference);
      const data = options.data === undefined ? undefined : await dataFor(model, options.data, undefined);
      await startNodeBackend();
      const figures = data && (await figuresOf(model, data, options));
      const { config, check, files } = await takeAlong(model, figures);
      if (out.endsWith('.zip'))
        await writeAtomically(out, await zipFolder(path.basename(out, '.zip'), files));
      else for (const { name, bytes } of files) await writeAtomically(path.join(out, name), bytes);
      const sizes = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
      const cost = totalCost(model.arch);
      print({ out, files: sizes, ...cost, config, check }, options, () => [
        ...columns([['file', 'bytes'], ...sizes.map(({ name, bytes }) => [name, bytes])]),
        '',
        `the tensors: ${sizeWords(cost)}`,
        `written to ${out}`,
      ]);
    });
}

/** How a network does on test tiles, as Markdown. */
async function figuresOf(
  model: AnyModel,
  { dataset, splits: { test, val } }: Awaited<ReturnType<typeof dataFor>>,
  options: Options,
): Promise<string> {
  const upright = await runStage(logitsAt(model, dataset, test, 0), options);
  const logits = new Map([[0, upright]]);
  const measured = { model, dataset, tiles: test, validation: val, logits, part: 'test' as const };
  const report = await measureReport(measured, options);
  return figuresMarkdown(report, `${test.length} test tiles of ${dataset.title}`, 'test');
}
