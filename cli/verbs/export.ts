import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import { testFigures } from '../../src/lab/evaluate/report/measure';
import { FILE_FORMAT_NAMES, FILE_FORMATS, FORMAT_TITLES } from '../../src/lab/files/formats';
import { takeAlong } from '../../src/lab/files/takeAlong/takeAlong';
import { startNodeBackend } from '../node/backend';
import { openAnyModel } from '../node/models';
import { writeFiles } from '../node/namedFiles';
import { runStage } from '../node/runStage';
import { columns, sizeWords } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { dataFor, oneOf, print, wholeOption } from '../work';
import { writeC } from './exportC';
import { type ExportOptions, ONNX_OPTIONS, writeOnnx } from './exportOnnx';
import { writeTflite } from './exportTflite';

const FORMATS = ['zip', ...FILE_FORMAT_NAMES] as const;

const endings = FILE_FORMAT_NAMES.map(
  (name) => `with --format ${name} also in .${FILE_FORMATS[name].ending}`,
).join('; ');

const meanings = FILE_FORMAT_NAMES.map((name) => `${name}: ${FILE_FORMATS[name].words}`).join('; ');

/** `export <model>`: the network with ordinary convolutions, a script that runs it, and a README; or for other programs. */
export function exportNetwork(program: Command): void {
  program
    .command('export <model>')
    .description(
      `write the network with ordinary convolutions, a Python script that runs it, and a README; or as ${FORMAT_TITLES}`,
    )
    .requiredOption('--out <place>', `a folder, or a file ending in .zip; ${endings}`)
    .option('--format <which>', `what is written: ${FORMATS.join(' | ')} (${meanings})`, 'zip')
    .option(
      '--data <ref>',
      'a dataset: the README says how the network does on its test tiles, class by class; onnx, tflite, c: the file is tried on them (default: made-up pictures)',
    )
    .option(
      '--int8 <how>',
      'onnx, tflite, c: round to 8-bit integers: dynamic (as the lab; tflite: as LiteRT) | static (fixed ranges, onnx alone)',
    )
    .option('--scales <of>', 'onnx, static: a scale of weights for each channel | tensor (default: channel)')
    .option(
      '--batch <n>',
      'onnx, tflite: pictures of a call (default: any number; tflite: 1)',
      wholeOption('batch', 1),
    )
    .option(
      '--preprocessing <where>',
      'onnx, tflite: inside the graph (bytes go in) | beside it (default: inside)',
    )
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: ExportOptions) => {
      const { out } = options;
      const format = oneOf('format', options.format, FORMATS);
      if (format === 'onnx') return writeOnnx(reference, options);
      if (format === 'tflite') return writeTflite(reference, options);
      if (format === 'c') return writeC(reference, options);
      const odd = ONNX_OPTIONS.find((name) => options[name] !== undefined);
      if (odd)
        throw new BadInput(
          `--${odd} is of files for other programs: give --format onnx or tflite too, or leave it out.`,
        );
      const model = await openAnyModel(reference);
      const data = options.data === undefined ? undefined : await dataFor(model, options.data, undefined);
      await startNodeBackend();
      const figures = data && (await runStage(testFigures(model, data.dataset, data.splits), options));
      const { config, check, files } = await takeAlong(model, figures ?? undefined);
      await writeFiles(out, files);
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
