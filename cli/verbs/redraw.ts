import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { readReport } from '../../src/lab/reproduce/open';
import { readTaskReport } from '../../src/lab/tasks/report';
import { writeAtomically } from '../node/files';
import { AS_JSON } from '../options';
import { drawReport } from '../reproduce/draw';
import { drawTask } from '../reproduce/makeTask';
import { type OutputOptions, print } from '../work';

/** `redraw <folder…>`: the text and the charts of finished reports, made again from their `report.json`. */
export function redraw(program: Command): void {
  program
    .command('redraw <folders...>')
    .description(
      'write report.md and the charts of finished reports anew, from the report.json in each folder',
    )
    .addOption(AS_JSON)
    .action(async (folders: string[], options: OutputOptions) => {
      const files: string[] = [];
      for (const folder of folders) {
        const source = path.join(folder, 'report.json');
        const text = await readFile(source, 'utf8').catch((cause: unknown) => {
          throw new BadInput(
            `There is no ${source}; give the folder of a report that \`lab reproduce\` has written.`,
            { cause },
          );
        });
        for (const [name, content] of await drawAny(text, source)) {
          await writeAtomically(path.join(folder, name), content);
          files.push(path.join(folder, name));
        }
      }
      print({ files }, options, () => files);
    });
}

/** A report of whatever kind, as it is read. */
async function drawAny(text: string, source: string): Promise<Map<string, string>> {
  const task = readTaskReport(text, source);
  return task ? drawTask(task) : drawReport(readReport(text, source));
}
