/** `classify … --csv`: any number of pictures, one row each, gone on with where it was ended. */
import type { Command } from 'commander';
import { type BatchChoices, batchChoicesSchema, USUAL_BATCH } from '../../src/lab/batch/choices';
import { classifyMany } from '../../src/lab/batch/classifyMany';
import { batchIdentity } from '../../src/lab/batch/listing';
import { csvHead } from '../../src/lab/batch/row';
import type { BatchSummary } from '../../src/lab/batch/summary';
import { BadInput } from '../../src/lab/errors';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { RESIZES } from '../../src/lab/pictures/resize';
import { plainNames } from '../../src/lab/plain';
import { startNodeBackend } from '../node/backend';
import { openBatchFile } from '../node/batchFile';
import { openSources } from '../node/batchSources';
import { requirePlaceFor } from '../node/files';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns } from '../node/table';
import { checked, numberOption, type OutputOptions, print } from '../work';

export interface BatchOptions extends OutputOptions {
  readonly csv?: string;
  readonly unsure?: number;
  readonly mirrors?: boolean;
  readonly resize?: string;
}

/** The options of a batch, on the verb that has others too. */
export function addBatchOptions(command: Command): Command {
  return command
    .option('--csv <file>', 'any number of tiles: write one row a picture, and go on where it was ended')
    .option(
      '--unsure <probability>',
      `with --csv: flag answers below it (default: ${USUAL_BATCH.unsure})`,
      numberOption('unsure'),
    )
    .option('--mirrors', 'with --csv: ask mirror images too')
    .option(
      '--resize <how>',
      `with --csv: pictures that are no square: ${RESIZES.join(' | ')} (default: ${USUAL_BATCH.resize})`,
    );
}

/** Refuses options that say nothing here. */
export function requireBatchAlone(options: BatchOptions & Readonly<Record<string, unknown>>): void {
  const { csv } = options;
  const others =
    csv === undefined ? ['unsure', 'mirrors', 'resize'] : ['map', 'fit', 'cell', 'stride', 'overlap'];
  const stray = others.find((name) => options[name] !== undefined);
  if (stray === undefined) return;
  throw new BadInput(
    csv === undefined
      ? `--${stray} goes with --csv: name the file to write.`
      : `--${stray} is for scenes and single tiles, and --csv writes one row a picture: leave one of them out.`,
  );
}

export async function classifyToFile(
  reference: string,
  sources: readonly string[],
  file: string,
  options: BatchOptions,
): Promise<void> {
  const { unsure, mirrors, resize } = options;
  if (unsure !== undefined && !(unsure >= 0 && unsure <= 1))
    throw new BadInput(`--unsure needs a probability from 0 to 1, not ${unsure}.`);
  const choices: BatchChoices = checked(batchChoicesSchema, {
    unsure: unsure ?? USUAL_BATCH.unsure,
    mirrors: mirrors ?? USUAL_BATCH.mirrors,
    resize: resize ?? USUAL_BATCH.resize,
  });
  await requirePlaceFor(file, [reference, ...sources]);
  const model = await openAnyModel(reference);
  const { pictures, note, close } = await openSources(sources);
  try {
    await startNodeBackend();
    const identity = batchIdentity(fingerprintOf(model), choices, pictures);
    const kept = await openBatchFile(file, identity, csvHead(model.classes), model.classes.length);
    const resumed = kept.summary.done;
    try {
      if (!options.quiet) {
        const on = resumed > 0 ? `${file} goes on after ${resumed} of ${pictures.length} pictures.` : null;
        for (const said of [note, kept.note, on]) if (said !== null) process.stderr.write(`${said}\n`);
      }
      const summary = await runStage(
        classifyMany(model, pictures, choices, kept.summary, (portion) => kept.take(portion)),
        options,
      );
      if (summary.flags.unreadable === summary.done) {
        const why = summary.unreadable[0].note;
        await kept.discard();
        throw new BadInput(`None of the ${summary.done} pictures could be read. The first: ${why}`);
      }
      await kept.finish();
      const told = { file, resumed, ...toldOf(model.classes, summary) };
      print(told, options, () => lines(told));
    } finally {
      await kept.close();
    }
  } finally {
    await close();
  }
}

const toldOf = (classes: readonly string[], { done, counts, flags }: BatchSummary) => ({
  pictures: done,
  counts: Object.fromEntries(plainNames(classes).map((name, i) => [name, counts[i]])),
  flags,
});

function lines({ file, pictures, counts, flags }: { file: string } & ReturnType<typeof toldOf>): string[] {
  const present = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  const flagged = Object.entries(flags).map(([flag, count]) => [flag, String(count)]);
  return [
    `${file}: ${pictures} ${pictures === 1 ? 'picture' : 'pictures'}`,
    ...columns([['class', 'pictures'], ...present.map(([name, count]) => [name, String(count)])]),
    ...(flagged.length > 0 ? ['', ...columns([['flag', 'pictures'], ...flagged])] : []),
  ];
}
