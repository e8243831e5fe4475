/** What stands beside a file in C for people: how it is compiled, what it reads, what it needs, whether it was tried. */
import { familyOf } from '../../families/registry';
import { plain, plainNames } from '../../plain';
import { provenanceIn } from '../../recipe/provenance';
import type { FileComparison } from '../onnx/compare';
import { classSection, comparisonWords, isPicture, SQUARED, squareOf } from '../onnx/readme';
import { originWords } from '../takeAlong/originWords';
import type { NamedFile } from '../takeAlong/zip';
import { COMPILE, HEADER } from './c';
import type { MadeC } from './make';

/** What was found of a file where a compiler is; null where there is none. tried: what the pictures were. */
export type CTrial = { readonly comparison: FileComparison; readonly tried: string } | null;

/** A folder with the file, a README, and the recipe where there is one. */
export function cFolder(made: MadeC, trial: CTrial): NamedFile[] {
  const text = (name: string, content: string): NamedFile => ({
    name,
    bytes: new TextEncoder().encode(content),
  });
  const origin = provenanceIn(made.written);
  return [
    text('README.md', cReadme(made, trial)),
    text(HEADER, made.network.text),
    ...(origin ? [text('recipe.json', `${JSON.stringify(origin.recipe, null, 2)}\n`)] : []),
  ];
}

/** What it needs of a machine, and whether it was tried, line by line. */
export function cWords({ network, written }: MadeC, trial: CTrial): string[] {
  return [
    `The network takes ${network.weights.toLocaleString('en')} bytes of constant numbers (flash) and ${network.memory.toLocaleString('en')} bytes of static memory (RAM); its code comes on top.`,
    ...(trial
      ? comparisonWords(trial.comparison, trial.tried, { rounding: written.arch.int8 ? 'dynamic' : 'none' })
      : [
          'There is no C compiler here, so it has not been run. Compiled, it holds itself against what the lab answers: ./network --check',
        ]),
  ];
}

function cReadme(made: MadeC, trial: CTrial): string {
  const { arch, classes } = made.written;
  const { size, channels, bands } = arch.input;
  const ending = channels === 1 ? 'pgm' : 'ppm';
  return `# ${plain(arch.id)} in C

${familyOf(arch).describe(arch).words}. \`${HEADER}\` is all of it: weights, loops and normalisation, in C99, which needs nothing but its mathematics (\`-lm\`). Classes, in this order:

${plainNames(classes)
  .map((name, i) => `${i}. ${name}`)
  .join('\n')}

## Try it

\`\`\`sh
${COMPILE}
./network --check              # holds it against what the lab answers, on a picture made by a formula
${
  isPicture(arch.input)
    ? `./network picture.${ending}          # prints the answer and its share; ${ending.toUpperCase()} of ${size} × ${size} pixels
./network --logits tiles.bin   # or raw bytes, height by width by channels, one picture behind the other`
    : `./network --logits tiles.bin   # raw bytes, height by width by channels, one picture behind the other`
}
\`\`\`
${isPicture(arch.input) ? `\nPillow makes one of any picture. ${SQUARED}\n\n\`\`\`sh\npython3 -c 'from PIL import Image, ImageOps; ${squareOf('"picture.png"', arch.input)}.save("picture.${ending}")'\n\`\`\`\n` : ''}${bands ? `\nChannels are the bands ${bands.numbers.join(', ')} of files with ${bands.of}, as bytes.\n` : ''}
## In a program of your own

\`\`\`c
#define ORBIT_IMPLEMENTATION   /* in one source file; the others include the file without */
#include "${HEADER}"

float logits[ORBIT_CLASSES];
orbit_logits(pixels, logits);  /* ORBIT_PIXELS bytes: height by width by channels */
const char *name = orbit_class_names[orbit_answer(logits)];   /* orbit_answer is -1 where a number is not finite */
\`\`\`

${cWords(made, trial)
  .map((line) => `- ${line}`)
  .join('\n')}
- One picture at a time: its memory is static, so two threads must not run it at once. Nothing is allocated.
- ${made.written.arch.int8 ? 'Weights are 8-bit integers. Dense layers round what they read to 128 levels of its own range and count in integers, as the lab does; convolutions count in floats.' : 'It counts in 32-bit floats.'} The loops are plain: a compiler makes them fast (\`-O3\`), a library for one processor would be faster.
${trial ? classSection(made.written, trial.comparison, trial.tried) : ''}
## Where it comes from

${originWords(made.written)}
`;
}
