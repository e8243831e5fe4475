/** A network as a TFLite file: a pure function of the network and of what is chosen. */
import { graphOf } from '../../families/graphs';
import { familyOf } from '../../families/registry';
import type { Model } from '../../nn/model';
import { requireBatch } from '../onnx/choices';
import { metadataOf } from '../onnx/onnx';
import type { TfliteChoices } from './choices';
import { encodeTflite, type TfliteGraph } from './encode';
import { lowered } from './lower';

export interface Port {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly shape: readonly number[];
}

/** What a file reads and answers, by name. */
export interface TfliteNetwork {
  readonly bytes: Uint8Array;
  readonly input: Port;
  readonly output: Port;
}

/** Throws `BadInput` for a network that has no form in these operators, and for an impossible batch. */
export function tfliteOf(model: Model, choices: TfliteChoices): TfliteNetwork {
  const { arch } = model;
  const { batch, preprocessing, rounding } = choices;
  requireBatch(batch);
  const { size, channels } = arch.input;
  const graph = lowered(graphOf(model), {
    input: [batch, channels, size, size],
    isRounded: rounding === 'dynamic',
    ...(preprocessing === 'inside' && { pixels: model.normalisation }),
  });
  const words = `${arch.id}: ${familyOf(arch).describe(arch).words}.`;
  const metadata = metadataOf(model, preprocessing, '[N, height, width, channels]');
  return {
    bytes: encodeTflite(graph, arch.id, words, metadata),
    input: portOf(graph, graph.input),
    output: portOf(graph, graph.output),
  };
}

function portOf({ tensors }: TfliteGraph, index: number): Port {
  const { name, type, shape } = tensors[index];
  return { name, type: type === 'UINT8' ? 'uint8' : 'float32', shape };
}
