/** Checkpoints of small networks by the names that PyTorch's modules give them, with numbers drawn by seed; for tests. */
import { uniform } from '../../../random';
import type { SafeFile, SafeTensor } from '../../safetensors';
import { encodeSafetensors } from '../../safetensors';

type Tensors = Record<string, SafeTensor>;

class Checkpoint {
  readonly tensors: Tensors = {};

  put(name: string, shape: readonly number[], of: (draw: () => number) => number): void {
    const next = uniform(1, 'checkpoint', name);
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => of(next));
    this.tensors[name] = { dtype: 'F32', shape, data };
  }

  convolution(name: string, shape: readonly number[], hasBias = false): void {
    const fan = shape.slice(1).reduce((a, b) => a * b, 1);
    this.put(`${name}.weight`, shape, (draw) => (2 * draw() - 1) * Math.sqrt(6 / fan));
    if (hasBias) this.put(`${name}.bias`, [shape[0]], (draw) => draw() - 0.5);
  }

  norm(name: string, channels: number): void {
    this.put(`${name}.weight`, [channels], (draw) => 0.6 + 0.8 * draw());
    this.put(`${name}.bias`, [channels], (draw) => 0.3 * (draw() - 0.5));
    this.put(`${name}.running_mean`, [channels], (draw) => 0.4 * (draw() - 0.5));
    this.put(`${name}.running_var`, [channels], (draw) => 0.5 + draw());
    this.tensors[`${name}.num_batches_tracked`] = { dtype: 'I32', shape: [], data: Int32Array.of(7) };
  }

  dense(name: string, shape: readonly number[]): void {
    this.convolution(name, shape, true);
  }
}

/** A ResNet of two stages with a block each, 4 and 6 channels wide, for pictures of 16×16; three classes, or so many. */
export function resnetCheckpoint(classes = 3): Tensors {
  const file = new Checkpoint();
  file.convolution('conv1', [4, 3, 3, 3]);
  file.norm('bn1', 4);
  const block = (name: string, inputs: number, outputs: number) => {
    file.convolution(`${name}.conv1`, [outputs, inputs, 3, 3]);
    file.norm(`${name}.bn1`, outputs);
    file.convolution(`${name}.conv2`, [outputs, outputs, 3, 3]);
    file.norm(`${name}.bn2`, outputs);
    if (inputs === outputs) return;
    file.convolution(`${name}.downsample.0`, [outputs, inputs, 1, 1]);
    file.norm(`${name}.downsample.1`, outputs);
  };
  block('layer1.0', 4, 4);
  block('layer2.0', 4, 6);
  file.dense('fc', [classes, 6]);
  return file.tensors;
}

/** The stem, a block without and one with expansion of a MobileNet-V2, and its last layers; three classes. */
export function mobileNetCheckpoint(): Tensors {
  const file = new Checkpoint();
  const normed = (conv: string, norm: string, shape: readonly number[]) => {
    file.convolution(conv, shape);
    file.norm(norm, shape[0]);
  };
  normed('features.0.0', 'features.0.1', [4, 3, 3, 3]);
  normed('features.1.conv.0.0', 'features.1.conv.0.1', [4, 1, 3, 3]);
  normed('features.1.conv.1', 'features.1.conv.2', [4, 4, 1, 1]);
  normed('features.2.conv.0.0', 'features.2.conv.0.1', [8, 4, 1, 1]);
  normed('features.2.conv.1.0', 'features.2.conv.1.1', [8, 1, 3, 3]);
  normed('features.2.conv.2', 'features.2.conv.3', [6, 8, 1, 1]);
  normed('features.3.0', 'features.3.1', [10, 6, 1, 1]);
  file.dense('classifier.1', [3, 10]);
  return file.tensors;
}

/** A VGG of two convolutions, the first with a norm, that averages to 2×2; three classes. */
export function vggCheckpoint(): Tensors {
  const file = new Checkpoint();
  file.convolution('features.0', [4, 3, 3, 3], true);
  file.norm('features.1', 4);
  file.convolution('features.4', [6, 4, 3, 3], true);
  file.dense('classifier.0', [8, 24]);
  file.dense('classifier.3', [3, 8]);
  return file.tensors;
}

/** A row of layers that only a line says the order of: `SEQUENCE_LINE`. */
export function sequenceCheckpoint(): Tensors {
  const file = new Checkpoint();
  file.convolution('a.conv', [5, 3, 3, 3], true);
  file.norm('a.norm', 5);
  file.convolution('b', [4, 5, 5, 5], true);
  file.dense('c', [3, 16]);
  return file.tensors;
}
export const SEQUENCE_LINE = 'a.conv a.norm relu maxpool:2 b:2 relu6 flatten c';

/** The same as the bytes of a file. */
export const bytesOf = (tensors: Tensors, metadata: SafeFile['metadata'] = {}): Uint8Array =>
  encodeSafetensors({ metadata, tensors });
