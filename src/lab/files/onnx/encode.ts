/** A graph of operators as the bytes of an ONNX file, by the official schema (schema/onnx.proto). */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Attribute, Constant, Operator, OperatorGraph } from '../../families/operators';
import { VERSION } from '../../version';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './schema/onnx_pb';

/** The set of operators that files are written in: of June 2022, with layer norm as an operator of its own. */
export const OPSET = 17;
/** The file format of that time. */
const IR_VERSION = 8;

/** A number is a size; a name stands for one that is free. */
export type Dimension = number | string;

/** What goes in or comes out. */
export interface Port {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly shape: readonly Dimension[];
}

export interface OnnxFile {
  readonly graph: OperatorGraph;
  /** The graph's name. */
  readonly name: string;
  /** What the network is, in words. */
  readonly words: string;
  readonly input: Port;
  readonly output: Port;
  readonly metadata: Readonly<Record<string, string>>;
}

export function encodeOnnx({ graph, name, words, input, output, metadata }: OnnxFile): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) })],
    producerName: 'Orbit Lab',
    producerVersion: VERSION,
    docString: words,
    graph: create(GraphProtoSchema, {
      name,
      node: graph.operators.map(nodeOf),
      initializer: usedOf(graph).map(([key, constant]) => tensorOf(key, constant)),
      input: [portOf(input)],
      output: [portOf(output)],
    }),
    metadataProps: Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
  return toBinary(ModelProtoSchema, model);
}

/** Constants that an operator reads. */
function usedOf({ operators, constants }: OperatorGraph): [string, Constant][] {
  const read = new Set(operators.flatMap(({ inputs }) => inputs));
  return Object.entries(constants).filter(([name]) => read.has(name));
}

const nodeOf = ({ op, inputs, output, attributes }: Operator) =>
  create(NodeProtoSchema, {
    opType: op,
    name: `${op}: ${output}`,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
  });

function attributeOf(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function tensorOf(name: string, { shape, data }: Constant): TensorProto {
  // ONNX stores numbers with the lowest byte first, as all machines that browsers run on do.
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: typeOf(data), rawData });
}

function typeOf(data: Constant['data']): DataType {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Int8Array) return DataType.INT8;
  if (data instanceof Uint8Array) return DataType.UINT8;
  return data instanceof Int32Array ? DataType.INT32 : DataType.INT64;
}

function portOf({ name, type, shape }: Port): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof size === 'number'
          ? { case: 'dimValue', value: BigInt(size) }
          : { case: 'dimParam', value: size },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: type === 'uint8' ? DataType.UINT8 : DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}
