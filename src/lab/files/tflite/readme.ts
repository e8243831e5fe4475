/** What stands beside a TFLite file for people: how it is run, what it reads, and that it was held against the lab. */
import { familyOf } from '../../families/registry';
import type { Model } from '../../nn/model';
import { plain, plainNames } from '../../plain';
import {
  classSection,
  comparisonWords,
  folderWith,
  isPicture,
  list,
  SQUARED,
  squareOf,
} from '../onnx/readme';
import { originWords } from '../takeAlong/originWords';
import type { NamedFile } from '../takeAlong/zip';
import type { TfliteChoices } from './choices';
import { METADATA } from './encode';
import type { MadeTflite } from './make';

export const FILE = 'network.tflite';

/** A folder with the file, a README, and the recipe where there is one. tried: what the pictures were, like “200 test tiles”. */
export const tfliteFolder = (
  model: Model,
  made: MadeTflite,
  choices: TfliteChoices,
  tried: string,
): NamedFile[] =>
  folderWith(model, { name: FILE, bytes: made.network.bytes }, tfliteReadme(model, made, choices, tried));

/** What was found, line by line. Rounded as LiteRT rounds, it is held against the network of floats. */
export const tfliteWords = (
  { comparison }: MadeTflite,
  { rounding }: TfliteChoices,
  tried: string,
): string[] => comparisonWords(comparison, tried, { rounding: rounding === 'dynamic' ? 'static' : 'none' });

function tfliteReadme(model: Model, made: MadeTflite, choices: TfliteChoices, tried: string): string {
  const { arch, classes, normalisation } = model;
  const { input, output, bytes } = made.network;
  return `# ${plain(arch.id)} as TFLite

${familyOf(arch).describe(arch).words}. \`${FILE}\` has ${bytes.length} bytes, builtin operators alone, and one answer: \`${output.name}\`, a number for each of ${classes.length} classes, in this order:

${plainNames(classes)
  .map((name, i) => `${i}. ${name}`)
  .join('\n')}

## Run it

\`\`\`python
${pythonOf(model, choices)}\`\`\`

It reads \`${input.name}\`, ${input.type} of shape [${input.shape.join(', ')}]${choices.batch === 1 ? '' : `: ${choices.batch} pictures at a time, no more and no fewer`}. ${
    choices.preprocessing === 'inside'
      ? 'They are the bytes of pictures as they lie in memory: height, width, channels. The file normalises them itself.'
      : 'They are `(pixel / 255 − mean) / std` by channel: height, width, channels.'
  } Means are ${list(normalisation.mean)}, standard deviations ${list(normalisation.std)}.
${isPicture(arch.input) ? `\n${SQUARED}\n` : ''}${arch.input.bands ? `Channels are the bands ${arch.input.bands.numbers.join(', ')} of files with ${arch.input.bands.of}, as bytes.\n` : ''}
${
  choices.rounding === 'dynamic'
    ? 'Weights are 8-bit integers with a scale for each output; what they multiply is rounded in the range that it has in each picture, by the program that runs the file. Programs round a little differently, so answers differ a little from one to the other.'
    : 'Numbers are 32-bit floats, but for weights that the network has as 8-bit integers.'
}

## Does it answer as it should?

${tfliteWords(made, choices, tried)
  .map((line) => `- ${line}`)
  .join('\n')}

Classes, normalisation and origin stand in the file too, as JSON in its metadata buffer \`${METADATA}\`.
${classSection(model, made.comparison, tried)}
## Where it comes from

${originWords(model)}
`;
}

/** Python that runs the file on one picture. */
function pythonOf({ arch, normalisation }: Model, { preprocessing, batch }: TfliteChoices): string {
  const { size, channels } = arch.input;
  const read = isPicture(arch.input) ? squareOf('"picture.png"', arch.input) : 'np.load("picture.npy")';
  const repeated = batch === 1 ? '' : `.repeat(${batch}, 0)`;
  const [name, prepared] =
    preprocessing === 'inside'
      ? ['pixels', 'pixels']
      : [
          'input',
          `((pixels / 255 - ${list(normalisation.mean)}) / ${list(normalisation.std)}).astype("float32")`,
        ];
  return `import numpy as np
from ai_edge_litert.interpreter import Interpreter  # pip install ai-edge-litert${isPicture(arch.input) ? '\nfrom PIL import Image, ImageOps' : ''}
pixels = np.asarray(${read}, "uint8").reshape(1, ${size}, ${size}, ${channels})${repeated}
run = Interpreter("${FILE}").get_signature_runner()
print(run(${name}=${prepared})["logits"])
`;
}
