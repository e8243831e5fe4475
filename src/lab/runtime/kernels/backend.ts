/**
 * tfjs on the lab's own kernels: tensors that the kernels read or write lie in their memory, all others in plain arrays.
 * What has no kernel of its own runs as tfjs's plain JavaScript, which the small operations of a step never notice.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  type BackendValues,
  copyRegisteredKernels,
  type DataType,
  getBackend,
  getKernel,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { Kernels } from './engine';

/** A tensor's data: plain values, or a block of the kernels' memory. */
class Stored {
  refCount = 1;
  complexTensorInfos = undefined;

  constructor(
    private readonly kernels: Kernels,
    readonly dtype: DataType,
    private plain: BackendValues | undefined,
    private block: number | undefined,
    private readonly length: number,
  ) {}

  /** A view that holds until memory grows or the tensor is disposed: for the duration of one operation. */
  get values(): BackendValues {
    return this.plain ?? this.kernels.floats(this.block!, this.length);
  }

  /** Its address; plain values move into the kernels' memory the first time they are asked for there. */
  place(): number {
    if (this.block === undefined) {
      const values = this.plain as Float32Array;
      this.block = this.kernels.heap.allocate(this.length * 4);
      this.kernels.floats(this.block, this.length).set(values);
      this.plain = undefined;
    }
    return this.block;
  }

  free(): void {
    if (this.block !== undefined) this.kernels.heap.release(this.block);
    this.block = undefined;
  }
}

export class KernelsBackend extends MathBackendCPU {
  constructor(readonly kernels: Kernels) {
    super();
    // The base class's first write prints advice about Node.
    Object.assign(this, { firstUse: false });
  }

  private at(id: object): Stored | undefined {
    return this.data.get(id) as unknown as Stored | undefined;
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const id = {};
    this.move(id, values, shape, dtype, 1);
    return id;
  }

  override move(id: object, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    // A view of the memory, as tfjs's slices make them, would not outlive the tensor that it is of.
    const isView = ArrayBuffer.isView(values) && this.kernels.owns(values);
    const kept = isView ? (values as Float32Array).slice() : values;
    const stored = new Stored(this.kernels, dtype, kept, undefined, sizeOf(shape));
    stored.refCount = refCount;
    this.data.set(id, stored as never);
  }

  override readSync(id: object): BackendValues {
    const values = super.readSync(id);
    return ArrayBuffer.isView(values) && this.kernels.owns(values)
      ? unshared(values as Float32Array)
      : values;
  }

  override disposeData(id: object, force = false): boolean {
    const stored = this.at(id);
    const gone = super.disposeData(id, force);
    if (gone) stored?.free();
    return gone;
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: false, reasons: [] };
  }

  override dispose(): void {
    this.kernels.end();
  }

  /** The address of a tensor of floats. */
  address({ dataId, dtype }: TensorInfo): number {
    if (dtype !== 'float32') throw new Error(`The kernels read floats, not ${dtype}.`);
    return this.at(dataId)!.place();
  }

  /** A tensor's floats, for the duration of one operation. */
  values({ dataId }: TensorInfo): Float32Array {
    return this.at(dataId)!.values as Float32Array;
  }

  /** A tensor in the kernels' memory, with whatever was there. */
  output(shape: readonly number[]): TensorInfo & { readonly address: number } {
    const length = sizeOf(shape);
    const address = this.kernels.heap.allocate(length * 4);
    const dataId = {};
    this.data.set(dataId, new Stored(this.kernels, 'float32', undefined, address, length) as never);
    return { dataId, shape: [...shape], dtype: 'float32', address };
  }
}

/** A copy in memory of its own, which messages copy. */
function unshared(values: Float32Array): Float32Array {
  return new Float32Array(values);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

type Inputs = Readonly<Record<string, TensorInfo>>;
type OwnKernel = (
  backend: KernelsBackend,
  inputs: Inputs,
  attrs: Readonly<Record<string, unknown>>,
) => TensorInfo | TensorInfo[];

/** The name of this backend in tfjs. */
export const OWN = 'wasm';

/** Whether the lab's own kernels run. */
export const isOwn = (): boolean => getBackend() === OWN;

// Before any of the lab's, which replace some of them.
copyRegisteredKernels('cpu', OWN);

/** Registers an operation of the lab, or replaces one of tfjs's, for this backend. */
export function registerOwnKernel(kernelName: string, compute: OwnKernel): void {
  if (getKernel(kernelName, OWN)) unregisterKernel(kernelName, OWN);
  registerKernel({
    kernelName,
    backendName: OWN,
    kernelFunc: ({ inputs, backend, attrs }) =>
      compute(backend as KernelsBackend, inputs as Inputs, attrs as Record<string, unknown>),
  });
}
