/** A graph of TensorFlow Lite's operators as the bytes of a file, by the official schema (schema/). */
import { VERSION } from '../../version';
import { BuiltinOperator, BuiltinOptions, TensorType } from './schema/tables';
import { type AnyTable, fileOf, table } from './schema/write';

/** Of the file format; the only one there has been since 2017. */
const SCHEMA_VERSION = 3;
const IDENTIFIER = 'TFL3';
/** Below it stands in an older field too, which older programs read. */
const FIRST_NEW_OPERATOR = 127;

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: keyof typeof TensorType;
  /** Of constants. */
  readonly data?: Float32Array | Int8Array | Int32Array;
  /** Of integers: a scale for each place along an axis. */
  readonly scales?: { readonly data: Float32Array; readonly axis: number };
}

export interface TfliteOperator {
  readonly op: keyof typeof BuiltinOperator;
  /** The least version of the operator that does this. */
  readonly version: number;
  /** By their places in the list of tensors; -1 leaves an optional one out. */
  readonly inputs: readonly number[];
  readonly output: number;
  readonly options?: AnyTable;
}

export interface TfliteGraph {
  readonly tensors: readonly Tensor[];
  readonly operators: readonly TfliteOperator[];
  readonly input: number;
  readonly output: number;
}

/** words: what the network is. metadata: stands in the file as JSON, under the name METADATA. */
export function encodeTflite(
  { tensors, operators, input, output }: TfliteGraph,
  name: string,
  words: string,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const codes = new Map<string, TfliteOperator>();
  for (const each of operators) codes.set(codeOf(each), each);
  const places = [...codes.keys()];
  // The first buffer is empty, and that of all tensors that are no constants.
  const constants = tensors.filter(({ data }) => data);
  const facts = new TextEncoder().encode(JSON.stringify(metadata));
  const buffers = [
    table('Buffer', {}),
    ...constants.map(({ data }) => table('Buffer', { data: bytesOf(data!) })),
    table('Buffer', { data: facts }),
  ];
  const port = (index: number) => table('TensorMap', { name: tensors[index].name, tensorIndex: index });
  const model = table('Model', {
    version: SCHEMA_VERSION,
    description: `${words} Made by Orbit Lab ${VERSION}.`,
    operatorCodes: [...codes.values()].map(({ op, version }) => {
      const builtinCode = BuiltinOperator[op];
      const deprecatedBuiltinCode = Math.min(builtinCode, FIRST_NEW_OPERATOR);
      return table('OperatorCode', { deprecatedBuiltinCode, builtinCode, version });
    }),
    subgraphs: [
      table('SubGraph', {
        name,
        tensors: tensors.map((each) => tensorOf(each, constants.indexOf(each) + 1)),
        inputs: Int32Array.of(input),
        outputs: Int32Array.of(output),
        operators: operators.map((each) => operatorOf(each, places.indexOf(codeOf(each)))),
      }),
    ],
    buffers,
    metadata: [table('Metadata', { name: METADATA, buffer: buffers.length - 1 })],
    signatureDefs: [
      table('SignatureDef', {
        inputs: [port(input)],
        outputs: [port(output)],
        signatureKey: 'serving_default',
        subgraphIndex: 0,
      }),
    ],
  });
  return fileOf(model, IDENTIFIER);
}

/** Under which name classes, normalisation and origin stand in a file. */
export const METADATA = 'orbit_lab.json';

const codeOf = ({ op, version }: TfliteOperator): string => `${op} ${version}`;

function tensorOf({ name, shape, type, scales }: Tensor, buffer: number) {
  return table('Tensor', {
    name,
    shape: Int32Array.from(shape),
    hasRank: true,
    type: TensorType[type],
    buffer,
    ...(scales && {
      quantization: table('QuantizationParameters', {
        scale: scales.data,
        zeroPoint: new BigInt64Array(scales.data.length),
        quantizedDimension: scales.axis,
      }),
    }),
  });
}

function operatorOf({ inputs, output, options }: TfliteOperator, opcodeIndex: number) {
  return table('Operator', {
    opcodeIndex,
    inputs: Int32Array.from(inputs),
    outputs: Int32Array.of(output),
    ...(options && {
      builtinOptionsType: BuiltinOptions[options.table as keyof typeof BuiltinOptions],
      builtinOptions: options,
    }),
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
