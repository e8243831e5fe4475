/** What stands beside an exported network for people: how to run it, what it computes, where it comes from. */
import { totalCost } from '../../evaluate/cost';
import { markdownTable } from '../../markdown';
import type { Model } from '../../nn/model';
import { type Bands, bandWords } from '../../pictures/bands';
import { plainNames } from '../../plain';
import type { SafeTensor } from '../safetensors';
import { originWords } from './originWords';
import { PATTERN } from './pattern';

export interface ReadmeFacts {
  readonly model: Model;
  /** What its family says: the title, what is computed (Markdown), and the script in full. */
  readonly title: string;
  readonly steps: string;
  readonly script: string;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  /** The logits of the test pattern. */
  readonly check: readonly number[];
  /** How it does on tiles, as Markdown; absent where nothing was measured. */
  readonly figures?: string | undefined;
  /** The other files and their bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** The README as Markdown. */
export function readmeOf({
  model,
  title,
  steps,
  script,
  tensors,
  check,
  figures,
  files,
}: ReadmeFacts): string {
  const { classes, normalisation } = model;
  return `# ${title}

A network for pictures of ${inputOf(model)}, taken along from Orbit Lab. It tells ${classes.length} classes apart:
${plainNames(classes).join(', ')}.

${markdownTable(
  ['file', 'bytes', 'what it is'],
  files.map(({ name, bytes }) => [name, String(bytes), CONTENTS[name] ?? '']),
)}

${sizesOf(model)}

## Run it

\`\`\`sh
${model.arch.input.bands ? 'python3 run.py tile.tif      # needs numpy and GDAL or rasterio' : 'python3 run.py picture.png   # needs numpy and pillow'}; prints class probabilities and logits
python3 run.py folder > answers.csv   # or several pictures: one row each, as the lab's own CSV; --help says more
python3 run.py --test        # needs numpy; checks that the network runs as it should
\`\`\`

${ranInOwnWords(model)}

As a file for ONNX Runtime and other programs, *ONNX* in the page or \`lab export … --format onnx\` writes this network, with a
README of its own.

\`run.py\` in full:

\`\`\`python
${script}\`\`\`

## What it computes

${steps}

${markdownTable(
  ['tensor', 'type', 'shape'],
  Object.entries(tensors).map(([name, { dtype, shape }]) => [name, dtype, shape.join(' × ')]),
)}

Pixels are read as \`(pixel / 255 − mean) / std\` by channel, with the means ${list(normalisation.mean)} and the standard
deviations ${list(normalisation.std)}. All this stands as JSON in the metadata of \`network.safetensors\`, under \`config\`.

## Is my own port right?

For the picture whose pixels are \`${PATTERN}\` (y down, x to the right, c the channel, all from 0), Orbit Lab finds these
logits; run elsewhere, they differ by rounding:

${markdownTable(
  ['class', 'logit'],
  plainNames(classes).map((name, i) => [name, String(Number(check[i].toPrecision(8)))]),
)}

${
  figures === undefined
    ? ''
    : `## What it is right and wrong about

${figures}

`
}## Where it comes from

${originWords(model)}

## Licence

Orbit Lab and this script are under the MIT licence. ${licenceOf(model)}
`;
}

const CONTENTS: Readonly<Record<string, string>> = {
  'network.safetensors': 'the weights, and how they fit together',
  'run.py': 'runs the network',
  'recipe.json': 'how it was made, from nothing to this network; see “Where it comes from”',
};

const inputOf = ({ arch: { input } }: Model): string => {
  const { size, channels, bands } = input;
  const read = bands ? `, bands ${bandWords(bands)} in this order: ${bands.numbers.join(', ')}` : '';
  return `${size}×${size} pixels in ${channels} ${channels === 1 ? 'channel' : 'channels'}${read}`;
};

/** The tensors of both files; headers come on top. */
function sizesOf({ arch }: Model): string {
  const { bytes, exported } = totalCost(arch);
  return `The tensors take ${exported} bytes as exported here (filters expanded, norms folded in), and ${bytes} bytes as stored in Orbit Lab's own file.`;
}

function ranInOwnWords({ arch, classes }: Model): string {
  const { bands } = arch.input;
  const files = !bands && (arch.input.channels === 1 || arch.input.channels === 3);
  return [
    `A picture of another size than ${arch.input.size}×${arch.input.size} is averaged to it; of one that is not square the middle is taken.`,
    files
      ? 'A `.npy` file of bytes (height, width, channels) does as well.'
      : bands
        ? bandsInWords(bands)
        : `Pictures of ${arch.input.channels} channels are read from \`.npy\` files of bytes (height, width, channels).`,
    `Outputs are in the order of the ${classes.length} classes above.`,
  ].join(' ');
}

const bandsInWords = ({ of }: Bands): string =>
  `Tiles are GeoTIFFs of ${of} bands, or \`.npy\` files of these (height, width, ${of}) as they are stored. Bytes are read as they are; of 16 bits (10,000 times the reflectance of Sentinel-2) bands 4, 3 and 2 become bytes as EuroSAT’s pictures have them, the others by the square root of the reflectance.`;

function licenceOf({ provenance }: Model): string {
  const { dataset, synthetic } = provenance;
  if (synthetic === true) return 'The tiles that this network learnt from are painted by its code.';
  const tiles = typeof dataset === 'string' ? dataset : 'the tiles that this network learnt from';
  return `None of the tiles is in this folder; what ${tiles} may be used for, and a network that learnt from them, its own licence says.`;
}

const list = (values: readonly number[]): string =>
  values.map((value) => Number(value.toPrecision(9))).join(', ');
