import path from 'node:path';
import type { Command } from 'commander';
import { totalCost } from '../../src/lab/evaluate/cost';
import { takeAlong, zipFolder } from '../../src/lab/files/takeAlong/takeAlong';
import { startNodeBackend } from '../node/backend';
import { writeAtomically } from '../node/files';
import { openAnyModel } from '../node/models';
import { columns, sizeWords } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { type OutputOptions, print } from '../work';

interface Options extends OutputOptions {
  out: string;
}

/** `export <model>`: the network with ordinary convolutions, a script that runs it, and a README. */
export function exportNetwork(program: Command): void {
  program
    .command('export <model>')
    .description('write the network with ordinary convolutions, a Python script that runs it, and a README')
    .requiredOption('--out <place>', 'a folder, or a file ending in .zip')
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const { out } = options;
      const model = await openAnyModel(reference);
      await startNodeBackend();
      const { config, check, files } = await takeAlong(model);
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
