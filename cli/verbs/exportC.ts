import { BadInput } from '../../src/lab/errors';
import { HEADER } from '../../src/lab/files/c/c';
import type { CRounding } from '../../src/lab/files/c/choices';
import { type MadeC, makeC } from '../../src/lab/files/c/make';
import { type CTrial, cFolder, cWords } from '../../src/lab/files/c/readme';
import { compareFile } from '../../src/lab/files/onnx/compare';
import type { AnyModel } from '../../src/lab/nn/model';
import { startNodeBackend } from '../node/backend';
import { type Compiler, compileC, findCompiler } from '../node/compiledC';
import { openAnyModel } from '../node/models';
import { runStage } from '../node/runStage';
import { columns } from '../node/table';
import { oneOf, print } from '../work';
import { placeFor } from './exportedFiles';
import { type ExportOptions, trialFor } from './exportOnnx';

/** Writes a network as a file in C; where a compiler is, when it has been compiled, run and held against the lab. */
export async function writeC(reference: string, options: ExportOptions): Promise<void> {
  const { out } = options;
  const rounding = roundingOf(options);
  const place = await placeFor(out, HEADER, [reference]);
  const model = await openAnyModel(reference);
  await startNodeBackend();
  const made = await makeC(model, rounding);
  const compiler = await findCompiler();
  const trial = compiler && (await tryIt(model, made, compiler, options));
  const { files, rows } = await place.write(cFolder(made, trial));
  const { memory, weights } = made.network;
  const found = { tried: trial?.tried ?? null, check: trial?.comparison ?? null };
  print({ out, files, rounding, memory, weights, ...found }, options, () => [
    ...columns(rows),
    '',
    ...cWords(made, trial),
    `written to ${out}`,
  ]);
}

/** Throws `BadInput` for what only ONNX files have. */
function roundingOf({ int8, scales, batch, preprocessing }: ExportOptions): CRounding {
  for (const [name, value] of Object.entries({ scales, batch, preprocessing }))
    if (value !== undefined)
      throw new BadInput(
        `--${name} is of ONNX files: leave it out. A file in C takes the bytes of one picture at a time.`,
      );
  if (int8 === 'static')
    throw new BadInput(
      'A file in C has no fixed ranges: choose --int8 dynamic, which finds them anew for each picture, or --format onnx.',
    );
  return int8 === undefined ? 'none' : oneOf('way to round', int8, ['dynamic']);
}

/** Compiled, and run on the same pictures as the lab. */
async function tryIt(
  model: AnyModel,
  { network, written }: MadeC,
  compiler: Compiler,
  options: ExportOptions,
): Promise<NonNullable<CTrial>> {
  const { trial, tried } = await trialFor(model, { rounding: 'none' }, options);
  const program = await compileC(compiler, network.text);
  // With one range for a batch, the lab's answers depend on who is in it; here each picture is alone.
  const batch = written.arch.int8?.range === 'batch' ? 1 : null;
  const choices = { batch, preprocessing: 'inside' } as const;
  const floats = written === model ? undefined : model;
  const { pictures, check } = trial;
  const run = compareFile(written, program, compiler.version, choices, pictures, check, floats);
  return { comparison: await runStage(run, options), tried };
}
