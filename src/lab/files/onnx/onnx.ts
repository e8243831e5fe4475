/** A network as an ONNX file: a pure function of the network and of what is chosen. */
import { graphOf } from '../../families/graphs';
import type { Constant, Operator, OperatorGraph } from '../../families/operators';
import { familyOf } from '../../families/registry';
import type { Model } from '../../nn/model';
import { plain } from '../../plain';
import { provenanceIn } from '../../recipe/provenance';
import { VERSION } from '../../version';
import { type OnnxChoices, requireBatch } from './choices';
import { type Dimension, encodeOnnx, type Port } from './encode';

/** What a file reads and answers, by name. */
export interface OnnxNetwork {
  readonly bytes: Uint8Array;
  readonly input: Port;
  readonly output: Port;
}

/** Throws `BadInput` for a network whose family has no form in ordinary operators, and for an impossible batch. */
export function onnxOf(model: Model, choices: OnnxChoices): OnnxNetwork {
  return onnxOfGraph(model, graphOf(model), choices);
}

/** The same of a graph that was made of the network, and maybe changed. answers: the shape of its output. */
export function onnxOfGraph(
  model: Model,
  graph: OperatorGraph,
  choices: OnnxChoices,
  answers?: readonly Dimension[],
): OnnxNetwork {
  const { arch, classes } = model;
  const { batch, preprocessing } = choices;
  requireBatch(batch);
  const { size, channels } = arch.input;
  const pictures = batch ?? 'N';
  const isInside = preprocessing === 'inside';
  const input: Port = isInside
    ? { name: PIXELS, type: 'uint8', shape: [pictures, size, size, channels] }
    : { name: graph.input, type: 'float32', shape: [pictures, channels, size, size] };
  const shape = answers ?? [pictures, classes.length];
  const output: Port = { name: graph.output, type: 'float32', shape };
  const bytes = encodeOnnx({
    graph: isInside ? withPreprocessing(graph, model) : graph,
    name: arch.id,
    words: `${arch.id}: ${familyOf(arch).describe(arch).words}. Made by Orbit Lab ${VERSION}.`,
    input,
    output,
    metadata: metadataOf(model, choices.preprocessing, '[N, channels, height, width]'),
  });
  return { bytes, input, output };
}

/** The input of a graph that reads bytes. */
const PIXELS = 'pixels';

/** The graph with (pixel/255 − mean)/std in front, from bytes [N, S, S, channels] to floats [N, channels, S, S]. */
function withPreprocessing(graph: OperatorGraph, { normalisation, arch }: Model): OperatorGraph {
  const each = (values: readonly number[]): Constant => ({
    shape: [1, arch.input.channels, 1, 1],
    data: Float32Array.from(values),
  });
  const [float32, pictures, shares, centred] = [
    'pixels.float',
    'pixels.maps',
    'pixels.shares',
    'pixels.centred',
  ];
  const step = (op: string, inputs: string[], output: string, attributes = {}): Operator => ({
    op,
    inputs,
    output,
    attributes,
  });
  const operators = [
    step('Cast', [PIXELS], float32, { to: 1 }),
    step('Transpose', [float32], pictures, { perm: [0, 3, 1, 2] }),
    step('Div', [pictures, 'pixels.highest'], shares),
    step('Sub', [shares, 'pixels.mean'], centred),
    step('Div', [centred, 'pixels.std'], graph.input),
  ];
  return {
    ...graph,
    input: PIXELS,
    operators: [...operators, ...graph.operators],
    constants: {
      'pixels.highest': { shape: [], data: Float32Array.of(255) },
      'pixels.mean': each(normalisation.mean),
      'pixels.std': each(normalisation.std),
      ...graph.constants,
    },
  };
}

/** What stands in the file beside the graph. Lists and records as JSON. floats: how those lie that are normalised before. */
export function metadataOf(
  model: Model,
  preprocessing: OnnxChoices['preprocessing'],
  floats: string,
): Record<string, string> {
  const { arch, classes, normalisation, provenance } = model;
  const origin = provenanceIn(model);
  return {
    classes: JSON.stringify(classes),
    mean: JSON.stringify(normalisation.mean),
    std: JSON.stringify(normalisation.std),
    preprocessing:
      preprocessing === 'inside'
        ? 'inside: pixels are bytes [N, height, width, channels]'
        : `beside: input is (pixel / 255 - mean) / std by channel, ${floats}`,
    group: arch.group,
    ...(arch.input.bands && { bands: JSON.stringify(arch.input.bands) }),
    ...(arch.int8 && { int8: JSON.stringify(arch.int8) }),
    lab: VERSION,
    ...(origin && {
      identity: origin.id,
      data: `${plain(origin.data.title)}, ${origin.data.count} tiles`,
      data_fingerprint: origin.data.fingerprint,
      recipe: JSON.stringify(origin.recipe),
    }),
    provenance: JSON.stringify(provenance),
  };
}
