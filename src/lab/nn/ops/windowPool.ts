/**
 * The maximum over windows of any size, stride and padding, as networks from elsewhere have it (ResNet's 3×3 in steps of two).
 * Of tied elements the first one gets the gradient, as in PyTorch.
 */
import { type HostKernel, hasHostKernels, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';

/** Of floats. */
const LOWEST = -3.4e38;

export interface Window {
  readonly kernel: number;
  readonly stride: number;
  /** On all four sides, of what is never the largest. */
  readonly padding: number;
}

const pooled = (size: number, { kernel, stride, padding }: Window): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

const windowOf = ({ kernel, stride, padding }: Readonly<Record<string, unknown>>): Window => ({
  kernel: Number(kernel),
  stride: Number(stride),
  padding: Number(padding),
});

const maximumKernel: HostKernel = {
  name: 'OrbitWindowMaximum',
  shapes: ([[tiles, height, width, channels]], attrs) => {
    const window = windowOf(attrs);
    return [[tiles, pooled(height, window), pooled(width, window), channels]];
  },
  compute: ([x], [out], attrs, [shape]) => {
    const channels = shape[3];
    eachWindow(shape, windowOf(attrs), (at, first) => {
      for (let c = 0; c < channels; c++) out[at + c] = x[first[0] + c];
      for (let k = 1; k < first.length; k++) {
        const from = first[k];
        for (let c = 0; c < channels; c++) {
          const value = x[from + c];
          if (value > out[at + c] || Number.isNaN(value)) out[at + c] = value;
        }
      }
    });
  },
};

const gradientKernel: HostKernel = {
  name: 'OrbitWindowMaximumGradient',
  shapes: ([x]) => [[...x]],
  compute: ([x, dy], [dx], attrs, [shape]) => {
    dx.fill(0);
    const channels = shape[3];
    eachWindow(shape, windowOf(attrs), (at, first) => {
      for (let c = 0; c < channels; c++) {
        let best = first[0] + c;
        for (const from of first) if (x[from + c] > x[best]) best = from + c;
        dx[best] += dy[at + c];
      }
    });
  },
};

registerHostKernel(maximumKernel);
registerHostKernel(gradientKernel);

/** Every position of the value, by its first channel, and the first channels of the positions of x in its window. */
function eachWindow(
  [tiles, height, width, channels]: readonly number[],
  window: Window,
  use: (at: number, first: readonly number[]) => void,
): void {
  const { kernel, stride, padding } = window;
  const [rows, columns] = [pooled(height, window), pooled(width, window)];
  let at = 0;
  for (let n = 0; n < tiles; n++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const first: number[] = [];
        for (
          let i = Math.max(0, r * stride - padding);
          i < Math.min(height, r * stride - padding + kernel);
          i++
        )
          for (
            let j = Math.max(0, c * stride - padding);
            j < Math.min(width, c * stride - padding + kernel);
            j++
          )
            first.push(((n * height + i) * width + j) * channels);
        use(at, first);
        at += channels;
      }
    }
  }
}

/** [N, H, W, C] → [N, ⌊(H+2p−k)/s⌋+1, …, C], NaN where one is in the window; differentiable. */
export function maximumOver(x: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { kernel, stride, padding } = window;
  if (hasHostKernels()) {
    return tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([input as tf.Tensor]);
      return {
        value: runHostKernel(maximumKernel, [input as tf.Tensor], { ...window })[0],
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
          runHostKernel(gradientKernel, [saved, dy], { ...window })[0],
      };
    })(x) as tf.Tensor4D;
  }
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    const maxima = tf.maxPool(input as tf.Tensor4D, kernel, stride, padding, 'floor');
    // What a shader makes of NaN is anyone's guess; an average keeps it.
    const average = tf.avgPool(input as tf.Tensor4D, kernel, stride, padding, 'floor');
    return {
      value: tf.add(maxima, tf.mul(average, 0)),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        toTheFirst(saved as tf.Tensor4D, dy as tf.Tensor4D, window),
    };
  })(x) as tf.Tensor4D;
}

/** The gradient by tfjs' own operators; that of its maxPool goes elsewhere where elements tie. */
function toTheFirst(x: tf.Tensor4D, dy: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { kernel, stride, padding } = window;
  const [tiles, height, width, channels] = x.shape;
  const [, rows, columns] = dy.shape;
  const [steps, strides] = [
    [tiles, stride * rows, stride * columns, channels],
    [tiles * rows, stride, columns, stride * channels],
  ] as const;
  // Behind the last window, so that there are whole steps from wherever a window begins.
  const behind = (size: number, count: number) => Math.max(0, kernel - 1 + stride * count - size - padding);
  const [below, right] = [behind(height, rows), behind(width, columns)];
  const wide = tf.pad(
    x,
    [
      [0, 0],
      [padding, below],
      [padding, right],
      [0, 0],
    ],
    LOWEST,
  );
  const places = Array.from({ length: kernel * kernel }, (_, k) => [Math.floor(k / kernel), k % kernel]);
  let best: tf.Tensor | null = null;
  let first: tf.Tensor | null = null;
  for (const [k, [i, j]] of places.entries()) {
    const from = tf.reshape(tf.slice(wide, [0, i, j, 0], [...steps]), [...strides]);
    const each = tf.slice(from, [0, 0, 0, 0], [tiles * rows, 1, columns, channels]);
    if (best === null || first === null) {
      [best, first] = [each, tf.zerosLike(each)];
      continue;
    }
    const isLarger: tf.Tensor = tf.greater(each, best);
    best = tf.where(isLarger, each, best);
    first = tf.where(isLarger, tf.fill(each.shape, k), first);
  }
  const slopes = tf.reshape(dy, best!.shape);
  const parts = places.map(([i, j], k) => {
    const own = tf.where(tf.equal(first!, k), slopes, tf.zerosLike(slopes));
    const [ofStep, ofStride] = [stride - 1, (stride - 1) * channels];
    const spread = tf.reshape(
      tf.pad(own, [
        [0, 0],
        [0, ofStep],
        [0, 0],
        [0, ofStride],
      ]),
      [...steps],
    );
    const [high, wideOf] = [wide.shape[1] - i - steps[1], wide.shape[2] - j - steps[2]];
    return tf.pad(spread, [
      [0, 0],
      [i, high],
      [j, wideOf],
      [0, 0],
    ]);
  });
  // One after the other: a shader has room for eight of them.
  const sum = parts.reduce((a, b) => tf.add(a, b));
  return tf.slice(sum, [0, padding, padding, 0], [tiles, height, width, channels]) as tf.Tensor4D;
}
