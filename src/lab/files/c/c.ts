/** A network as one file in plain C99: weights, and loops that run it. A pure function of the network. */
import { graphOf } from '../../families/graphs';
import { familyOf } from '../../families/registry';
import type { Model } from '../../nn/model';
import { plain, plainNames } from '../../plain';
import { VERSION } from '../../version';
import { originWords } from '../takeAlong/originWords';
import { libraryText } from './library';
import { planMemory } from './memory';
import { ANSWER, DECLARATIONS, PROGRAM } from './program';
import { valuesOf } from './shapes';
import { ARRAYS, statementsOf } from './statements';
import { arrayOf, comment, floatLiteral, stringLiteral } from './write';

export interface CNetwork {
  readonly text: string;
  /** Bytes of the static arrays that hold what lies between layers. */
  readonly memory: number;
  /** Bytes of constant numbers. */
  readonly weights: number;
}

/** How far answers may lie from the lab's, as a share of their range: in integers rounding tips single levels. */
export const CLOSE = { floats: 1e-4, integers: 0.02 } as const;

/**
 * @param expected the lab's own logits of the picture made by a formula (takeAlong/pattern.ts).
 *
 * Throws `BadInput` for a network whose family has no form in ordinary operators, or has one that has none in C.
 */
export function cOf(model: Model, expected: readonly number[]): CNetwork {
  const { arch, classes, normalisation } = model;
  const { size, channels } = arch.input;
  const graph = graphOf(model);
  const values = valuesOf(graph, [1, channels, size, size]);
  const plan = planMemory(graph, values);
  const { statements, arrays, bytes, used } = statementsOf(graph, values, plan);
  const lengths = [...plan.lengths];
  const memory = lengths.reduce((all, [type, length]) => all + length * (type === 'uint8_t' ? 1 : 4), 0);
  const input = plan.places.get(graph.input)!.offset;
  const output = plan.places.get(graph.output)!.offset;
  const body = statements.map((line) => `    ${line}`).join('\n');
  const floats = (name: string, numbers: readonly number[]) =>
    arrayOf('float', name, Float32Array.from(numbers));
  const text = `${comment(headLines(model, { memory, weights: bytes }))}
#ifndef ORBIT_NETWORK_H
#define ORBIT_NETWORK_H

#include <stdint.h>

#define ORBIT_SIZE ${size}
#define ORBIT_CHANNELS ${channels}
#define ORBIT_CLASSES ${classes.length}
/* Bytes of a picture. */
#define ORBIT_PIXELS (ORBIT_SIZE * ORBIT_SIZE * ORBIT_CHANNELS)
/* Bytes that the network needs while it runs (static), and bytes of constant numbers. */
#define ORBIT_MEMORY_BYTES ${memory}
#define ORBIT_WEIGHT_BYTES ${bytes}

#ifdef __cplusplus
extern "C" {
#endif
${DECLARATIONS}
#ifdef __cplusplus
}
#endif

#if defined(ORBIT_MAIN) && !defined(ORBIT_IMPLEMENTATION)
#define ORBIT_IMPLEMENTATION
#endif

#ifdef ORBIT_IMPLEMENTATION

#include <math.h>

const char *const orbit_class_names[ORBIT_CLASSES] = {
${plainNames(classes)
  .map((name) => `    ${stringLiteral(name)},`)
  .join('\n')}
};

${floats('orbit_means', normalisation.mean)}
${floats('orbit_deviations', normalisation.std)}

${arrays.join('\n')}

${lengths.map(([type, length]) => `static ${type} ${ARRAYS[type as keyof typeof ARRAYS]}[${length}];`).join('\n')}
${libraryText(used, body)}

void orbit_logits(const uint8_t *pixels, float *logits)
{
    /* (pixel / 255 - mean) / deviation, channel by channel. */
    for (int c = 0; c < ORBIT_CHANNELS; c++) for (int i = 0; i < ORBIT_SIZE * ORBIT_SIZE; i++)
        orbit_floats[${input} + c * ORBIT_SIZE * ORBIT_SIZE + i] =
            ((float)pixels[i * ORBIT_CHANNELS + c] / 255.0f - orbit_means[c]) / orbit_deviations[c];
${body}
    for (int i = 0; i < ORBIT_CLASSES; i++) logits[i] = orbit_floats[${output} + i];
}
${ANSWER}
#endif /* ORBIT_IMPLEMENTATION */

#ifdef ORBIT_MAIN

#define ORBIT_CLOSE ${floatLiteral(arch.int8 ? CLOSE.integers : CLOSE.floats)}
${floats('orbit_expected', expected)}
${PROGRAM}
#endif /* ORBIT_MAIN */

#endif /* ORBIT_NETWORK_H */
`;
  return { text, memory, weights: bytes };
}

function headLines(model: Model, { memory, weights }: Pick<CNetwork, 'memory' | 'weights'>): string[] {
  const { arch } = model;
  const { size, channels, bands } = arch.input;
  return [
    `${plain(arch.id)}: ${familyOf(arch).describe(arch).words}. Made by Orbit Lab ${VERSION}.`,
    '',
    'In a program: include this file wherever it is called, and in one file define ORBIT_IMPLEMENTATION before. By itself:',
    `    ${COMPILE}`,
    `It needs C99 and its mathematics, ${memory} bytes of static memory, and ${weights} bytes of constant numbers.`,
    `It reads bytes, ${size} by ${size} by ${channels}${bands ? `: the bands ${bands.numbers.join(', ')} of files with ${bands.of}` : ''}, and normalises them itself.`,
    'One picture at a time: its memory is static, so two threads must not run it at once.',
    '',
    'Where it comes from:',
    ...originWords(model).split('\n'),
  ];
}

/** What the file is called. */
export const HEADER = 'network.h';

/** What makes a program of the file by itself. */
export const COMPILE = `cc -std=c99 -O3 -DORBIT_MAIN -x c ${HEADER} -o network -lm`;
