/** The numbers that stand in an ONNX file, and the attributes of its nodes. */
import {
  type AttributeProto,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type NodeProto,
  type TensorProto,
} from '../../onnx/schema/onnx_pb';
import { halfOf } from '../../storedNumbers';

export interface Tensor {
  readonly shape: readonly number[];
  /** Floats, or whole numbers (shapes, axes, indices). */
  readonly data: Float32Array | Float64Array;
  readonly isWhole: boolean;
}

/** What a graph reads. */
export interface PictureInput {
  readonly name: string;
  readonly channels: number | null;
  /** null where it is free. */
  readonly size: number | null;
  /** Bytes as pictures lie in memory, [N, S, S, channels], or floats [N, channels, S, S]. */
  readonly form: 'bytes' | 'floats';
}

/** A tensor's numbers; or why they cannot be read. */
export function tensorOf(tensor: TensorProto): Tensor | string {
  if (tensor.dataLocation === DataLocation.EXTERNAL)
    return 'lies in another file beside this one: export it with all weights inside';
  const shape = tensor.dims.map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  const found = numbersOf(tensor);
  if (typeof found === 'string') return found;
  return found.data.length === count
    ? { shape, ...found }
    : `has ${found.data.length} numbers, and its shape [${shape}] asks for ${count}: the file is damaged`;
}

function numbersOf(tensor: TensorProto): Pick<Tensor, 'data' | 'isWhole'> | string {
  const { rawData, dataType } = tensor;
  const isRaw = rawData.length > 0;
  // A copy begins at its buffer's first byte.
  const bytes = () => rawData.slice().buffer;
  const isCut = (width: number) => rawData.length % width !== 0;
  switch (dataType) {
    case DataType.FLOAT:
      if (isRaw && isCut(4)) return 'is cut off';
      return {
        data: isRaw ? new Float32Array(bytes()) : Float32Array.from(tensor.floatData),
        isWhole: false,
      };
    case DataType.DOUBLE:
      if (isRaw && isCut(8)) return 'is cut off';
      return {
        data: Float32Array.from(isRaw ? new Float64Array(bytes()) : tensor.doubleData),
        isWhole: false,
      };
    case DataType.FLOAT16:
      if (isRaw && isCut(2)) return 'is cut off';
      return {
        data: Float32Array.from(isRaw ? new Uint16Array(bytes()) : tensor.int32Data, halfOf),
        isWhole: false,
      };
    case DataType.INT64:
      if (isRaw && isCut(8)) return 'is cut off';
      return {
        data: Float64Array.from(isRaw ? new BigInt64Array(bytes()) : tensor.int64Data, Number),
        isWhole: true,
      };
    case DataType.INT32:
      if (isRaw && isCut(4)) return 'is cut off';
      return { data: Float64Array.from(isRaw ? new Int32Array(bytes()) : tensor.int32Data), isWhole: true };
    case DataType.INT8:
    case DataType.UINT8:
      return 'holds 8-bit integers: take the file of floats';
    default:
      return `holds numbers of type ${DataType[dataType] ?? dataType}`;
  }
}

/** The attributes of a node by name, as plain values. */
export class Attributes {
  readonly #all: ReadonlyMap<string, AttributeProto>;

  constructor({ attribute }: NodeProto) {
    this.#all = new Map(attribute.map((each) => [each.name, each]));
  }

  has(name: string): boolean {
    return this.#all.has(name);
  }

  whole(name: string, otherwise: number): number {
    const found = this.#all.get(name);
    return found ? Number(found.i) : otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.#all.get(name)?.f ?? otherwise;
  }

  list(name: string): number[] | undefined {
    return this.#all.get(name)?.ints.map(Number);
  }

  text(name: string, otherwise: string): string {
    const found = this.#all.get(name);
    return found ? new TextDecoder().decode(found.s) : otherwise;
  }

  tensor(name: string): TensorProto | undefined {
    return this.#all.get(name)?.t;
  }
}
