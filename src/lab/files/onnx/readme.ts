/** What stands beside an ONNX file for people: how it is run, what it reads, and that it was held against the lab. */
import { macroOf } from '../../evaluate/report/confusion';
import { classRows, percent } from '../../evaluate/report/document';
import { familyOf } from '../../families/registry';
import { figureLines } from '../../markdown';
import type { ArchInput } from '../../nn/arch';
import type { Model } from '../../nn/model';
import { plain, plainNames } from '../../plain';
import { provenanceIn } from '../../recipe/provenance';
import { originWords } from '../takeAlong/originWords';
import type { NamedFile } from '../takeAlong/zip';
import type { MadeChoices } from './choices';
import type { FileComparison } from './compare';
import { OPSET } from './encode';
import type { MadeOnnx } from './make';

export const FILE = 'network.onnx';

/** A folder with the file, a README, and the recipe where there is one. tried: what the pictures were, like “200 test tiles”. */
export const onnxFolder = (model: Model, made: MadeOnnx, choices: MadeChoices, tried: string): NamedFile[] =>
  folderWith(model, { name: FILE, bytes: made.network.bytes }, onnxReadme(model, made, choices, tried));

/** A file for other programs, a README, and the recipe where there is one. */
export function folderWith(model: Model, file: NamedFile, readme: string): NamedFile[] {
  const text = (name: string, content: string): NamedFile => ({
    name,
    bytes: new TextEncoder().encode(content),
  });
  const origin = provenanceIn(model);
  return [
    text('README.md', readme),
    file,
    ...(origin ? [text('recipe.json', `${JSON.stringify(origin.recipe, null, 2)}\n`)] : []),
  ];
}

function onnxReadme(
  model: Model,
  { network, comparison }: MadeOnnx,
  choices: MadeChoices,
  tried: string,
): string {
  const { arch, classes, normalisation } = model;
  const { input, output } = network;
  return `# ${arch.id} as ONNX

${familyOf(arch).describe(arch).words}. \`${FILE}\` has ${network.bytes.length} bytes, ordinary operators of ONNX's set ${OPSET}, and one answer: \`${output.name}\`, a
number for each of ${classes.length} classes, in this order:

${plainNames(classes)
  .map((name, i) => `${i}. ${name}`)
  .join('\n')}

## Run it

\`\`\`python
${pythonOf(model, choices)}\`\`\`

It reads \`${input.name}\`, ${input.type} of shape [${input.shape.join(', ')}]${choices.batch === null ? '; N is any number of pictures' : ''}. ${
    choices.preprocessing === 'inside'
      ? 'They are the bytes of pictures as they lie in memory: height, width, channels. The file normalises them itself.'
      : 'They are `(pixel / 255 − mean) / std` by channel, channels first.'
  } Means are ${list(normalisation.mean)}, standard deviations ${list(normalisation.std)}.
${isPicture(arch.input) ? `\n${SQUARED}\n` : ''}${arch.input.bands ? `Channels are the bands ${arch.input.bands.numbers.join(', ')} of files with ${arch.input.bands.of}, as bytes.\n` : ''}
${roundingWords(choices)}

## Does it answer as it should?

${comparisonWords(comparison, tried, choices)
  .map((line) => `- ${line}`)
  .join('\n')}

Classes, normalisation and origin stand in the file too, as its metadata (\`session.get_modelmeta().custom_metadata_map\`).
${classSection(model, comparison, tried)}
## Where it comes from

${originWords(model)}
`;
}

/** Whether its channels are those of a picture file. */
export const isPicture = ({ bands, channels }: ArchInput): boolean =>
  !bands && (channels === 1 || channels === 3);

/** Python, with Pillow: a picture of the network's size, as the lab makes it but for rounding. file: an expression. */
export const squareOf = (file: string, { size, channels }: ArchInput): string =>
  `ImageOps.fit(Image.open(${file}).convert("${channels === 1 ? 'L' : 'RGB'}"), (${size}, ${size}), Image.BOX)`;

export const SQUARED =
  'A picture of another size is averaged to this one, and of one that is not square the middle is taken: as the lab does, to a level of 255, where its side is a whole multiple of this one, and nearly so elsewhere. (Of a PNG with 16 bits a value the lab takes the upper 8; Pillow cuts off what is above 255.)';

/** How the file does class by class; nothing where its pictures have none. */
export function classSection(
  { classes }: Pick<Model, 'classes'>,
  { perClass, tiles }: FileComparison,
  tried: string,
): string {
  if (!perClass) return '';
  const right = perClass.reduce((sum, each) => sum + each.right, 0);
  return `
## What it is right and wrong about

The file itself, on ${plain(tried)}: accuracy **${percent(right / tiles)}**.

${figureLines(...classRows({ classes, perClass, macro: macroOf(perClass) })).join('\n')}
`;
}

/** Python that runs the file on one picture. */
function pythonOf({ arch, normalisation }: Model, { preprocessing, batch }: MadeChoices): string {
  const { size, channels } = arch.input;
  const read = isPicture(arch.input) ? squareOf('"picture.png"', arch.input) : 'np.load("picture.npy")';
  const shape = `.reshape(1, ${size}, ${size}, ${channels})`;
  const repeated = batch === null || batch === 1 ? '' : `.repeat(${batch}, 0)`;
  const prepared =
    preprocessing === 'inside'
      ? 'pixels'
      : `((pixels / 255 - ${list(normalisation.mean)}) / ${list(normalisation.std)}).transpose(0, 3, 1, 2).astype("float32")`;
  const name = preprocessing === 'inside' ? 'pixels' : 'input';
  return `# pip install onnxruntime${isPicture(arch.input) ? ' pillow' : ''}
import numpy as np, onnxruntime${isPicture(arch.input) ? '\nfrom PIL import Image, ImageOps' : ''}
pixels = np.asarray(${read}, "uint8")${shape}${repeated}
print(onnxruntime.InferenceSession("${FILE}").run(None, {"${name}": ${prepared}})[0])
`;
}

function roundingWords({ rounding, scales }: MadeChoices): string {
  if (rounding === 'dynamic')
    return 'Weights are 8-bit integers. Dense layers round what they read to 128 levels of its own range, for each tile anew, and count in integers, as the lab does; convolutions, with a scale for each output, count in floats.';
  if (rounding === 'static')
    return `Weights are 8-bit integers, with a scale for ${scales === 'channel' ? 'each output' : 'each layer'}; what is multiplied by them is rounded in fixed ranges, found on training tiles (QuantizeLinear and DequantizeLinear).`;
  return 'Numbers are 32-bit floats, but for weights that the network has as 8-bit integers.';
}

/** What was found, line by line. */
export function comparisonWords(
  comparison: FileComparison,
  tried: string,
  { rounding }: Pick<MadeChoices, 'rounding'>,
): string[] {
  const { tiles, largestDifference, answersThatDiffer, undecided, differFromFloats, turns, runtime } =
    comparison;
  const own = rounding === 'static' ? 'the lab’s network of floats' : 'the lab';
  return [
    `Run by ${plain(runtime)} on ${tried}, logits differ from ${own} by ${largestDifference.toExponential(1)} of their range at most.`,
    `${answersThatDiffer} of ${tiles} answers ${are(answersThatDiffer)} other than ${own} gives${answersThatDiffer > 0 ? `, ${undecided} of them too close to call` : ''}.`,
    ...(differFromFloats === null
      ? []
      : [`${differFromFloats} of ${tiles} answers ${are(differFromFloats)} other than before rounding.`]),
    `At the four quarter turns ${turns.changed} of its answers ${turns.changed === 1 ? 'changes' : 'change'}, and ${turns.undecided} ${are(turns.undecided)} too close to call.`,
  ];
}

const are = (count: number): string => (count === 1 ? 'is' : 'are');

/** Numbers as Python has them. */
export const list = (values: readonly number[]): string =>
  `[${values.map((value) => Number(value.toPrecision(9))).join(', ')}]`;
