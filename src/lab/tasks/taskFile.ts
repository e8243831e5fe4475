/**
 * A network of a task as a safetensors file: its weights as tensors; as metadata what it is, by everything that decides its
 * numbers, how it was trained, and its design. It is opened where the same training is known: beside other data its answers
 * would be other figures under the same name.
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { changedError, MODEL_FORMAT, parseValues, TASK_FORMAT, tensorMisfit } from '../files/reading';
import { decodeSafetensors, encodeSafetensors, type SafeFile, safeTensors } from '../files/safetensors';
import { sealFile, sealFits } from '../files/sealedFile';
import { NotFinite, weightNotFinite } from '../finite';
import type { Params } from '../nn/model';
import { plain } from '../plain';
import { type SpatialArch, spatialLayouts, trainedNames } from '../spatial/arch';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { EpochRecord } from '../stage/history';
import { TASK_NAMES, type TASK_SCALES } from './names';
import type { Figures, TaskTraining } from './task';

const epochSchema = z.object({
  epoch: z.int().min(1),
  loss: z.number(),
  penalty: z.number().exactOptional(),
  accuracy: z.number(),
  validationLoss: z.number(),
  learningRate: z.number(),
  seconds: z.number(),
});

const aboutSchema = z.object({
  task: z.enum(TASK_NAMES),
  training: z.string(),
  seed: z.int().min(0),
  /** Its identity (`trainingIds`). */
  id: z.string(),
  /** Of its last training. */
  history: z.array(epochSchema).min(1),
});

/** What a network of a task says of itself. */
export type AboutTask = Omit<z.infer<typeof aboutSchema>, 'history'> & {
  readonly history: readonly EpochRecord[];
};

/** Where it comes from: how it was trained, on what, by what, and how it did. */
export interface TaskOrigin {
  readonly scale: (typeof TASK_SCALES)[number];
  /** Everything that decides the data. */
  readonly settings: unknown;
  /** The trainings that lead to it, in order. */
  readonly trainings: readonly TaskTraining[];
  readonly figures: Figures['values'];
  readonly engine: string;
  readonly lab: string;
}

/** The bytes of a file, with a checksum. Throws `NotFinite` for weights that are no numbers. */
export function encodeTaskFile(
  about: AboutTask,
  arch: SpatialArch,
  provenance: TaskOrigin,
  params: Params,
): Uint8Array {
  const wrong = weightNotFinite(params);
  if (wrong !== null) throw new NotFinite(`The network was not written: its ${wrong}, which is no weight.`);
  const json = { ...about, arch, provenance };
  const metadata = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  return encodeSafetensors(
    sealFile({ metadata: { format: TASK_FORMAT, ...metadata }, tensors: safeTensors(params) }),
  );
}

export interface TaskFile {
  readonly about: AboutTask;
  /** Its weights, once its design is known. Throws `BadInput` where they do not fit it. */
  paramsFor(arch: SpatialArch): Params;
}

/** Reads a file; throws `BadInput` for anything else, and for what was changed after it was written. */
export function decodeTaskFile(bytes: Uint8Array, name = 'The file'): TaskFile {
  const file = decodeSafetensors(bytes, name);
  const called = plain(name);
  const { format } = file.metadata;
  if (format === MODEL_FORMAT)
    throw new BadInput(
      `${called} holds a network that tells classes apart, and none for flows or detection: drop it on the page, or open it under Prune or Rotate.`,
    );
  if (format !== TASK_FORMAT)
    throw new BadInput(
      `${called} holds no network for flows or detection: give one that was saved under Tasks.`,
    );
  const about = aboutSchema.safeParse(parseValues(file.metadata, called));
  if (!about.success) {
    const { path, message } = about.error.issues[0];
    throw new BadInput(
      `${called} holds no network for flows or detection: its metadata "${plain(path.join('.'))}" does not fit (${message}).`,
    );
  }
  return {
    about: about.data,
    paramsFor: (arch) => paramsOf(file, arch, called),
  };
}

function paramsOf(file: SafeFile, arch: SpatialArch, called: string): Params {
  const layouts = spatialLayouts(arch);
  const misfit = tensorMisfit(file, layouts);
  if (misfit !== null) throw new BadInput(`${called} does not fit its own design: ${misfit}.`);
  if (!sealFits(file)) throw changedError(called);
  return Object.fromEntries(
    layouts.map(({ name, shape }) => [name, { shape, data: file.tensors[name].data as Float32Array }]),
  );
}

/** What a training that has ended left, as far as a file says it: its moments are nobody's any more. */
export function endedCheckpoint(arch: SpatialArch, { history }: AboutTask, params: Params): FitCheckpoint {
  const still = () =>
    Object.fromEntries(
      trainedNames(arch).map((name) => {
        const { shape, data } = params[name];
        return [name, { shape, data: new Float32Array(data.length) }];
      }),
    );
  return { params, best: params, adam: { step: 0, first: still(), second: still() }, history };
}
