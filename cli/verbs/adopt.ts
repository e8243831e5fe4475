import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import { familyOf } from '../../src/lab/families/registry';
import { readForeign } from '../../src/lab/files/foreign/read';
import type { Told } from '../../src/lab/files/foreign/told';
import { plain } from '../../src/lab/plain';
import { writeModel } from '../continue';
import { readBytes, requirePlaceFor } from '../node/files';
import { columns, sizeWords } from '../node/table';
import { AS_JSON } from '../options';
import { type OutputOptions, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  readonly out: string;
  readonly size?: number;
  readonly classes?: string;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly layers?: string;
}

/** `adopt <file>`: a network from elsewhere as one of the lab. */
export function adopt(program: Command): void {
  program
    .command('adopt <file>')
    .description(
      'take in a network from elsewhere: a PyTorch checkpoint as safetensors, or ONNX (docs/networks-in.md)',
    )
    .requiredOption('--out <file>', 'where to write the network (safetensors)')
    .option('--size <n>', 'height and width of its pictures, in pixels', wholeOption('size', 1))
    .option('--classes <names>', 'names of its classes in the order of its logits, comma-separated')
    .option(
      '--mean <numbers>',
      'what is subtracted from pixel/255, by channel or one for all',
      rowOption('mean'),
    )
    .option('--std <numbers>', 'what that is divided by', rowOption('std'))
    .option('--layers <line>', 'the order of its layers, where their names do not tell it')
    .addOption(AS_JSON)
    .action(async (file: string, options: Options) => {
      const { out } = options;
      await requirePlaceFor(out, [file]);
      const { model, kind, notes } = await readForeign(await readBytes(file), toldIn(options), file);
      await writeModel(out, model);
      const { arch, classes, normalisation } = model;
      const { words, facts } = familyOf(arch).describe(arch);
      const acting = (arch as { readonly acting?: string }).acting ?? null;
      const cost = totalCost(arch);
      const { family = 'gcnn', group, input } = arch;
      const told = {
        out,
        kind,
        family,
        group,
        acting,
        input,
        classes,
        normalisation,
        ...cost,
        ...facts,
        notes,
      };
      print(told, options, () => [
        `${kind}: ${words}`,
        ...notes,
        '',
        ...columns([
          ['pictures', `${input.size}×${input.size}, ${input.channels} channels`],
          [
            'classes',
            classes.length > 12 ? String(classes.length) : classes.map((name) => plain(name)).join(', '),
          ],
          ['parameters', cost.params],
          ['multiply-adds', cost.macs],
        ]),
        sizeWords(cost),
        symmetryWords(group, acting),
        `written to ${out}`,
      ]);
    });
}

function symmetryWords(group: string, acting: string | null): string {
  if (group !== 'C1')
    return `Its filters are turned copies of each other: by its weights it is equivariant under ${group}.`;
  return acting === null
    ? 'No group was found in its filters: it is a plain network.'
    : `Its first filters are turned copies under ${acting}, but not all of its layers are: "evaluate" measures where that breaks.`;
}

function toldIn({ size, classes, mean, std, layers }: Options): Told {
  const names = classes?.split(',').map((name) => name.trim());
  if (names?.some((name) => name === ''))
    throw new BadInput('--classes has a name that is empty: leave no comma too many.');
  return {
    ...(size !== undefined && { size }),
    ...(names && { classes: names }),
    ...(mean && { mean }),
    ...(std && { std }),
    ...(layers !== undefined && { layers }),
  };
}

/** Numbers with commas between. */
function rowOption(name: string): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    if (values.some((value) => !Number.isFinite(value)))
      throw new BadInput(
        `--${name} needs numbers separated by commas, such as 0.5,0.5,0.5, not "${plain(text)}".`,
      );
    return values;
  };
}
