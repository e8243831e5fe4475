/**
 * Field batch norm → activation → maybe 2×2 max-pool, as one differentiable operation that keeps only its input. The
 * activation cuts off: ReLU at 0, ReLU6 at 0 and 6, none nowhere. Pooling goes with ReLU.
 *
 * Mean, variance, scale and shift are shared by the |G| channels of a field, so the norm commutes with the
 * group (science §2). With a = scale/√(var+ε), x̂ = (x−mean)/√(var+ε), m values per field and dz the gradient
 * at z = a·x̂ + shift (through pool and activation, shared evenly on ties; nothing where z is cut off):
 *   d shift = Σ dz      d scale = Σ dz·x̂      dx = a·(dz − (d shift + x̂·d scale)/m)
 */
import {
  type HostKernel,
  hasHostKernels,
  type KernelAttrs,
  registerHostKernel,
  runHostKernel,
} from '../../runtime/hostKernel';
import { isOwn } from '../../runtime/kernels/backend';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { usesPrograms } from '../../runtime/webgpu/program';
import {
  type Clip,
  fieldMomentsLoop,
  NORM_EPSILON,
  normClipLoop,
  normGradientLoop,
  normReluPoolLoop,
} from './fieldNormLoops';
import { maxPool, maxPoolGradient } from './maxima';
import { CHANNEL_MOMENTS, CHANNEL_NORM, CHANNEL_NORM_GRADIENT } from './names';
import './ownNorm';

loadWith('webgpu', () => import('./webgpu/channelNorm'));

const momentsKernel: HostKernel = {
  name: 'OrbitFieldMoments',
  shapes: ([x], { order }) => {
    const fields = x[3] / Number(order);
    return [[fields], [fields]];
  },
  compute: ([x], [mean, variance], { order }) => fieldMomentsLoop(x, mean, variance, Number(order)),
};

/** What follows the norm. */
type After = Clip | 'pool';

export const RELU: Clip = { low: 0, high: Number.POSITIVE_INFINITY };
export const RELU6: Clip = { low: 0, high: 6 };
/** No activation. */
export const LINEAR: Clip = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Kernels take numbers and truth values. */
const asAttrs = (after: After): KernelAttrs => (after === 'pool' ? { pool: true } : { ...after });
const fromAttrs = ({ pool, low, high }: KernelAttrs): After =>
  pool ? 'pool' : { low: Number(low), high: Number(high) };

const normKernel: HostKernel = {
  name: 'OrbitFieldNorm',
  shapes: ([x], { pool }) => [pool ? [x[0], x[1] / 2, x[2] / 2, x[3]] : [...x]],
  compute: (inputs, [out], attrs, [shape]) => {
    const after = fromAttrs(attrs);
    if (after === 'pool') normReluPoolLoop(inputs, out, shape, NORM_EPSILON);
    else normClipLoop(inputs, out, shape[3], after, NORM_EPSILON);
  },
};

const normGradientKernel: HostKernel = {
  name: 'OrbitFieldNormGradient',
  shapes: ([x, , scale]) => [[...x], [...scale], [...scale]],
  compute: (inputs, outputs, attrs, [shape]) =>
    normGradientLoop(inputs, outputs, shape, fromAttrs(attrs), NORM_EPSILON),
};

for (const kernel of [momentsKernel, normKernel, normGradientKernel]) registerHostKernel(kernel);

export interface Moments {
  /** [F] */
  readonly mean: tf.Tensor1D;
  /** [F], biased (divided by the number of values). */
  readonly variance: tf.Tensor1D;
}

/** Which form to compute: fused where there are loops, kernels or programs for it, tfjs's operations elsewhere. Tests force each. */
export type NormForm = 'fused' | 'composed';

/** The lab's own kernels and programs know channels on their own, unpooled; other fields are planar where they run. */
const hasOwnKernel = (order: number, after?: After): boolean =>
  (isOwn() || usesPrograms()) && order === 1 && after !== 'pool';

const preferredForm = (order: number, after?: After): NormForm =>
  hasHostKernels() || hasOwnKernel(order, after) ? 'fused' : 'composed';

const orderOf = (x: tf.Tensor4D, scale: tf.Tensor1D): number => x.shape[3] / scale.shape[0];

/** Mean and biased variance of each field over batch, positions and orientations. x: [N, H, W, F·|G|]. */
export function fieldMoments(x: tf.Tensor4D, order: number, form: NormForm = preferredForm(order)): Moments {
  if (form === 'fused') {
    const [mean, variance] = hasOwnKernel(order)
      ? (tf.engine().runKernel(CHANNEL_MOMENTS, { x }) as tf.Tensor[])
      : runHostKernel(momentsKernel, [x], { order });
    return { mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
  }
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(byField(x, order), [0, 2]);
    return { mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
  });
}

/**
 * pool(ReLU(norm(x))) with the batch's own moments; gradients flow to x, scale and shift, through the moments
 * too. x: [N, H, W, F·|G|], scale and shift: [F] → [N, H, W, F·|G|], or half the size with `pool`.
 */
export function normReluPool(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  moments: Moments,
  pool: boolean,
  form: NormForm = preferredForm(orderOf(x, scale), pool ? 'pool' : RELU),
): tf.Tensor4D {
  return normThen(x, scale, shift, moments, pool ? 'pool' : RELU, form);
}

/** clip(norm(x)), likewise: `RELU6` or `LINEAR`. Where z is cut off, or just at the cut, no gradient flows. */
export function normClip(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  moments: Moments,
  clip: Clip,
  form: NormForm = preferredForm(orderOf(x, scale), clip),
): tf.Tensor4D {
  return normThen(x, scale, shift, moments, clip, form);
}

function normThen(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  moments: Moments,
  after: After,
  form: NormForm,
): tf.Tensor4D {
  return tf.customGrad((input, gain, offset, save) => {
    const inputs = [input, gain, offset] as NormInputs;
    (save as tf.GradSaveFunc)([...inputs, moments.mean, moments.variance]);
    const forward = form === 'fused' ? fusedForward : composedForward;
    return {
      value: forward(inputs, moments, after),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [mean, variance] = saved.slice(3) as tf.Tensor1D[];
        const backward = form === 'fused' ? fusedBackward : composedBackward;
        return backward(saved.slice(0, 3) as NormInputs, { mean, variance }, after, dy as tf.Tensor4D);
      },
    };
  })(x, scale, shift) as tf.Tensor4D;
}

type NormInputs = [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];

function fusedForward([x, scale, shift]: NormInputs, moments: Moments, after: After): tf.Tensor4D {
  if (hasOwnKernel(orderOf(x, scale), after)) {
    return tf
      .engine()
      .runKernel(CHANNEL_NORM, { x, scale, shift, ...moments }, asAttrs(after)) as tf.Tensor4D;
  }
  const inputs = [x, scale, shift, moments.mean, moments.variance];
  return runHostKernel(normKernel, inputs, asAttrs(after))[0] as tf.Tensor4D;
}

function fusedBackward(
  [x, scale, shift]: NormInputs,
  moments: Moments,
  after: After,
  dy: tf.Tensor4D,
): tf.Tensor[] {
  if (hasOwnKernel(orderOf(x, scale), after)) {
    const named = { x, scale, shift, mean: moments.mean, variance: moments.variance, dy };
    return tf.engine().runKernel(CHANNEL_NORM_GRADIENT, named, asAttrs(after)) as tf.Tensor[];
  }
  // The kernel's shape rule reads its third input, so scale stands there.
  const inputs = [x, dy, scale, shift, moments.mean, moments.variance];
  return runHostKernel(normGradientKernel, inputs, asAttrs(after));
}

function composedForward(inputs: NormInputs, moments: Moments, after: After): tf.Tensor4D {
  const { z } = normalised(inputs, moments);
  if (after === 'pool') return maxPool(tf.relu(z) as tf.Tensor4D);
  return clipped(z, after);
}

function composedBackward(inputs: NormInputs, moments: Moments, after: After, dy: tf.Tensor4D): tf.Tensor[] {
  const [x, scale] = inputs;
  const order = orderOf(x, scale);
  const { xHat, z, a } = normalised(inputs, moments);
  const active = tf.relu(z);
  const atActivation =
    after === 'pool' ? maxPoolGradient(active as tf.Tensor4D, maxPool(active as tf.Tensor4D), dy) : dy;
  const dz = tf.mul(atActivation, passing(z, after === 'pool' ? RELU : after)) as tf.Tensor4D;
  const dShift = tf.sum(byField(dz, order), [0, 2]) as tf.Tensor1D;
  const dScale = tf.sum(byField(tf.mul(dz, xHat) as tf.Tensor4D, order), [0, 2]) as tf.Tensor1D;
  const count = x.size / scale.size;
  const pull = tf.add(perChannel(dShift, order), tf.mul(xHat, perChannel(dScale, order)));
  const dx = tf.mul(a, tf.sub(dz, tf.div(pull, count)));
  return [dx, dScale, dShift];
}

// Infinite bounds are left out: a shader cannot be relied on to compute with them.

function clipped(z: tf.Tensor4D, { low, high }: Clip): tf.Tensor4D {
  const above = Number.isFinite(low) ? tf.maximum(z, low) : z;
  return (Number.isFinite(high) ? tf.minimum(above, high) : above) as tf.Tensor4D;
}

/** 1 where low < z < high, else 0. */
function passing(z: tf.Tensor4D, { low, high }: Clip): tf.Tensor {
  const above = Number.isFinite(low) ? tf.step(tf.sub(z, low)) : tf.onesLike(z);
  return Number.isFinite(high) ? tf.mul(above, tf.step(tf.sub(high, z))) : above;
}

function normalised([x, scale, shift]: NormInputs, { mean, variance }: Moments) {
  const order = orderOf(x, scale);
  const inverse = tf.rsqrt(tf.add(variance, NORM_EPSILON)) as tf.Tensor1D;
  const xHat = tf.mul(tf.sub(x, perChannel(mean, order)), perChannel(inverse, order));
  const z = tf.add(tf.mul(xHat, perChannel(scale, order)), perChannel(shift, order)) as tf.Tensor4D;
  return { xHat, z, a: perChannel(tf.mul(scale, inverse) as tf.Tensor1D, order) };
}

/** [N, H, W, F·|G|] → [N·H·W, F, |G|]. */
function byField(x: tf.Tensor4D, order: number): tf.Tensor3D {
  return tf.reshape(x, [-1, x.shape[3] / order, order]) as tf.Tensor3D;
}

/** One value per field → one per channel (channel = field·|G| + g). */
export function perChannel(perField: tf.Tensor1D, order: number): tf.Tensor1D {
  if (order === 1) return perField;
  return tf.reshape(tf.tile(tf.expandDims(perField, 1), [1, order]), [-1]) as tf.Tensor1D;
}
