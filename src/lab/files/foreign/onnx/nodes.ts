/** One node of an ONNX graph after the other as layers, each by its operator's reader (github.com/onnx/onnx, docs/Operators.md). */
import { PICTURE } from '../../../families/imported/spec';
import type { GraphProto, NodeProto } from '../../onnx/schema/onnx_pb';
import { readClip, readProbabilities, readRelu } from './activations';
import { readArithmetic } from './arithmetic';
import { beginWithBytes, startsWithBytes } from './bytes';
import { readConvolution, readNorm } from './convolutions';
import { readDense } from './dense';
import { readConstant, readIdentity, readPad } from './passing';
import { readGlobalAverage, readPool, readReduction } from './pools';
import { begin, Misfit, type Reader, type Reading } from './reading';
import { readFlatten, readReshape } from './reshapes';
import { computesShape } from './shapes';
import { readTurn } from './turnedDense';
import { Attributes, type PictureInput, type Tensor } from './values';

/** Who reads which operator: shapes that are computed, and bytes, are seen before. */
const READERS: Readonly<Record<string, Reader>> = {
  Add: readArithmetic,
  AveragePool: readPool,
  BatchNormalization: readNorm,
  Cast: readIdentity,
  Clip: readClip,
  Constant: readConstant,
  Conv: readConvolution,
  Div: readArithmetic,
  Dropout: readIdentity,
  Flatten: readFlatten,
  Gather: readTurn,
  Gemm: readDense,
  GlobalAveragePool: readGlobalAverage,
  Identity: readIdentity,
  LogSoftmax: readProbabilities,
  MatMul: readDense,
  MaxPool: readPool,
  Mul: readArithmetic,
  Pad: readPad,
  ReduceMax: readReduction,
  ReduceMean: readReduction,
  Relu: readRelu,
  Reshape: readReshape,
  Softmax: readProbabilities,
  Squeeze: readReshape,
  Sub: readArithmetic,
  Transpose: readTurn,
  Unsqueeze: readReshape,
};

export interface NodesRead {
  readonly reading: Reading;
  /** Of each node that was not understood: which, and why. */
  readonly misfits: readonly string[];
  /** Names of all that some node reads. */
  readonly wanted: ReadonlySet<string>;
}

/** Reads all nodes; constants that nodes hold are added to those given. */
export function readNodes(
  graph: GraphProto,
  constants: Map<string, Tensor>,
  input: PictureInput & { readonly size: number },
): NodesRead {
  const reading = begin(constants, input.size);
  const channels = input.channels ?? guessChannels(graph, constants);
  if (input.form === 'bytes') beginWithBytes(reading, input.name, channels);
  else {
    const dims = [channels, input.size, input.size];
    reading.values.set(input.name, { layer: PICTURE, dims, made: dims });
  }
  const misfits: string[] = [];
  const wanted = new Set<string>();
  // Values that come from a node that was not understood: what reads them is not told again.
  const lost = new Set<string>();
  for (const node of graph.node) {
    for (const name of node.input) wanted.add(name);
    const isLost = node.input.some((name) => lost.has(name));
    const misfit = isLost ? null : misfitOf(reading, node);
    if (misfit !== null) misfits.push(misfit);
    if (isLost || misfit !== null) for (const name of node.output) lost.add(name);
  }
  return { reading, misfits, wanted };
}

/** Channels of pictures where the input leaves them free: those of the first convolution's filters. */
function guessChannels(graph: GraphProto, constants: ReadonlyMap<string, Tensor>): number {
  const first = graph.node.find(({ opType }) => opType === 'Conv');
  return (first && constants.get(first.input[1])?.shape[1]) ?? 3;
}

/** Reads a node; null, or why it cannot be read. */
function misfitOf(reading: Reading, node: NodeProto): string | null {
  try {
    readNode(reading, node);
    return null;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return `"${node.name || node.output[0]}" (${node.opType}) ${error.message}`;
  }
}

function readNode(reading: Reading, node: NodeProto): void {
  const attributes = new Attributes(node);
  const { domain, opType } = node;
  if (domain !== '' && domain !== 'ai.onnx')
    throw new Misfit(`is an operator of "${domain}", which is not known here`);
  if (computesShape(reading, node, attributes) || startsWithBytes(reading, node, attributes)) return;
  // Of the table's own: an operator may be called anything, "constructor" too.
  if (!Object.hasOwn(READERS, opType)) throw new Misfit('is an operator that is not known here');
  READERS[opType](reading, node, attributes);
}
