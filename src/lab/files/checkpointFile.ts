/** A training checkpoint as a safetensors file: sets of parameters, Adam's step count and the history. */
import { z } from 'zod';
import { BadInput } from '../errors';
import type { Param, Params } from '../nn/model';
import { plain } from '../plain';
import type { FitCheckpoint } from '../stage/checkpoint';
import { decodeSafetensors, encodeSafetensors, type SafeFile } from './safetensors';
import { sealFile, sealFits } from './sealedFile';

/** A number; NaN where a training of an earlier version had gone astray: JSON knows no such number and says null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const epochSchema = z.object({
  epoch: z.int(),
  loss: figure,
  accuracy: figure,
  balanced: z.number().optional(),
  by: z.literal('balanced').optional(),
  penalty: figure.optional(),
  validationLoss: figure,
  learningRate: z.number(),
  seconds: z.number(),
});

const PARTS = ['params', 'best', 'first', 'second', 'constants'] as const;

/** The bytes of a checkpoint file, with a checksum. */
export function encodeCheckpoint({ params, best, adam, history, constants = {} }: FitCheckpoint): Uint8Array {
  const sets = { params, best, first: adam.first, second: adam.second, constants };
  const tensors = PARTS.flatMap((part) =>
    Object.entries(sets[part]).map(([name, param]) => [
      `${part}/${name}`,
      { dtype: 'F32' as const, ...param },
    ]),
  );
  const metadata = {
    format: 'orbit-lab-checkpoint/1',
    step: String(adam.step),
    history: JSON.stringify(history),
  };
  return encodeSafetensors(sealFile({ metadata, tensors: Object.fromEntries(tensors) }));
}

/** Reads a checkpoint file; throws `BadInput` for anything else. */
export function decodeCheckpoint(bytes: Uint8Array, name = 'The checkpoint'): FitCheckpoint {
  const file = decodeSafetensors(bytes, name);
  const history = z.array(epochSchema).safeParse(parsed(file.metadata.history));
  const step = Number(file.metadata.step);
  const isOurs = file.metadata.format === 'orbit-lab-checkpoint/1' && Number.isInteger(step) && step >= 0;
  if (!isOurs || !history.success || !sealFits(file)) {
    throw new BadInput(
      `${plain(name)} is not a training checkpoint of this lab, or it is damaged; delete it to start that stage afresh.`,
    );
  }
  const adam = { step, first: part(file, 'first'), second: part(file, 'second') };
  const constants = part(file, 'constants');
  return {
    params: part(file, 'params'),
    best: part(file, 'best'),
    adam,
    history: history.data,
    ...(Object.keys(constants).length > 0 && { constants }),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function part({ tensors }: SafeFile, prefix: (typeof PARTS)[number]): Params {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([key, { shape, data }]): [string, Param][] =>
      key.startsWith(`${prefix}/`) && data instanceof Float32Array
        ? [[key.slice(prefix.length + 1), { shape, data }]]
        : [],
    ),
  );
}
