import type { Command } from 'commander';
import { importDataset, listDatasets } from '../data';
import { columns, type OutputOptions, print } from '../work';

/** `data import` and `data list`: datasets kept in the project, decoded once. */
export function data(program: Command): void {
  const verb = program.command('data').description('datasets: import a folder or zip, list what is there');
  verb
    .command('import <path> <name>')
    .description('decode a folder or zip of pictures once and keep it under a name')
    .option('--json', 'one JSON document')
    .option('--quiet', 'no progress bar')
    .action(async (path: string, name: string, options: OutputOptions) => {
      const { dataset, file } = await importDataset(path, name);
      const { title, classes, size, count } = dataset;
      print({ name, title, classes, size, count, file }, options, () => [
        `${title}: ${count} tiles of ${size}×${size} in ${classes.length} classes, kept as "${name}"`,
      ]);
    });
  verb
    .command('list')
    .description('the datasets that --data takes by name')
    .option('--json', 'one JSON document')
    .option('--quiet')
    .action(async (options: OutputOptions) => {
      const list = await listDatasets();
      print(list, options, () =>
        columns([
          ['name', 'tiles', 'size', 'classes', 'title'],
          ...list.map(({ name, count, size, classes, title }) => [name, count, size, classes.length, title]),
        ]),
      );
    });
}
