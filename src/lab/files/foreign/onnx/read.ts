/** ONNX files of convolutional networks: decoded by the official schema, node by node to layers, or refused node by node. */
import { BadInput } from '../../../errors';
import { plain } from '../../../plain';
import { decodeOnnx } from '../../onnx/decode';
import { TensorProto_DataType as DataType, type GraphProto } from '../../onnx/schema/onnx_pb';
import { type RawNetwork, unreadable } from '../raw';
import { NotTold, type Told, toldBy } from '../told';
import { layersOfAnswer } from './answer';
import { normalisationOf } from './bytes';
import { readNodes } from './nodes';
import { type PictureInput, type Tensor, tensorOf } from './values';

export interface ReadOnnx {
  readonly network: RawNetwork;
  /** What the file says beside its layers. */
  readonly says: Told;
}

/** Throws `BadInput` for what is no ONNX file, for a graph that is no network of pictures, and node by node for what is not known. */
export function readOnnx(bytes: Uint8Array, told: Told, called: string): ReadOnnx {
  const model = decodeOnnx(bytes);
  if (!model)
    throw new BadInput(
      `${plain(called)} is no ONNX file that can be read: it is cut off, damaged or something else.`,
    );
  const { graph } = model;
  if (!graph || graph.node.length === 0)
    throw new BadInput(`${plain(called)} is an ONNX file without a graph, so it is no network.`);
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  const { constants, misfits } = constantsOf(graph);
  const input = inputOf(graph, constants, called);
  const said = { ...toldBy(metadata), ...(input.size !== null && { size: input.size }) };
  const size = told.size ?? said.size;
  if (size === undefined)
    throw new NotTold(
      `${plain(called)} does not say the size of its pictures (--size 32): say so, for its layers depend on it.`,
    );
  if (input.size !== null && input.size !== size)
    throw new NotTold(
      `${plain(called)} reads pictures of ${input.size}×${input.size}, not of ${size}×${size}: leave --size out.`,
    );
  const nodes = readNodes(graph, constants, { ...input, size });
  const all = [
    ...misfits.filter(({ name }) => nodes.wanted.has(name)).map(({ words }) => words),
    ...nodes.misfits,
  ];
  if (all.length > 0) throw unreadable(called, 'has layers that cannot be read', all);
  const end = layersOfAnswer(nodes.reading, graph, called);
  const normalisation = normalisationOf(nodes.reading);
  return {
    network: { kind: 'ONNX', id: `onnx-${idOf(graph.name)}`, layers: end },
    says: { ...said, size, ...normalisation },
  };
}

/** A name that fits where networks are listed. */
const idOf = (name: string): string =>
  plain(name)
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 60) || 'onnx';

interface Misfit {
  readonly name: string;
  readonly words: string;
}

function constantsOf(graph: GraphProto): { constants: Map<string, Tensor>; misfits: Misfit[] } {
  const constants = new Map<string, Tensor>();
  const misfits: Misfit[] = [];
  for (const each of graph.initializer) {
    const tensor = tensorOf(each);
    if (typeof tensor === 'string') misfits.push({ name: each.name, words: `"${each.name}" ${tensor}` });
    else constants.set(each.name, tensor);
  }
  return { constants, misfits };
}

function inputOf(graph: GraphProto, constants: ReadonlyMap<string, Tensor>, called: string): PictureInput {
  const weights = new Set([...constants.keys(), ...graph.initializer.map(({ name }) => name)]);
  const inputs = graph.input.filter(({ name }) => !weights.has(name));
  const refuse = (why: string) =>
    new BadInput(`${plain(called)} ${why}: only networks of one picture at a time come in.`);
  if (inputs.length !== 1) throw refuse(`reads ${inputs.length} inputs`);
  const [{ name, type }] = inputs;
  if (type?.value.case !== 'tensorType') throw refuse('does not read a tensor');
  const { elemType, shape } = type.value.value;
  const sizes = (shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && Number(value.value) > 0 ? Number(value.value) : null,
  );
  if (sizes.length !== 4) throw refuse(`reads an input of ${sizes.length} axes, not pictures`);
  const form = elemType === DataType.UINT8 ? 'bytes' : 'floats';
  if (form === 'floats' && elemType !== DataType.FLOAT)
    throw refuse(`reads numbers of type ${DataType[elemType] ?? elemType}`);
  const [channels, height, width] = form === 'bytes' ? [sizes[3], sizes[1], sizes[2]] : sizes.slice(1);
  if (height !== null && width !== null && height !== width)
    throw new BadInput(
      `${plain(called)} reads pictures of ${width}×${height} pixels: only square ones are read here.`,
    );
  return { name, channels, size: height ?? width, form };
}
