/**
 * Adam (Kingma & Ba 2015) with weight decay added to the gradient, as PyTorch's `Adam(weight_decay=…)`:
 *   g ← g + λw    m ← β₁m + (1−β₁)g    v ← β₂v + (1−β₂)g²    w ← w − η · m̂ / (√v̂ + ε)
 * Decoupled (AdamW), λ is left out there, and w shrinks to (1 − ηλ)·w before the step.
 * ε is always explicit: tfjs's default differs between backends.
 */
import { ADAM, type AdamAttrs } from '../runtime/kernels/adam';
import { isOwn } from '../runtime/kernels/backend';
import * as tf from '../runtime/tf';
import { usesPrograms } from '../runtime/webgpu/program';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export interface AdamSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** The parameters that decay by AdamW's rule; no other does. Absent: all by Adam's. */
  readonly decoupled?: ReadonlySet<string> | undefined;
}

/** First and second moments by parameter, and how many steps were taken. Tensors are the owner's to dispose. */
export interface AdamState {
  step: number;
  readonly first: Record<string, tf.Tensor>;
  readonly second: Record<string, tf.Tensor>;
}

/** Zero moments for the given parameters. */
export function adamState(params: Readonly<Record<string, tf.Tensor>>): AdamState {
  const zeros = () =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, tf.zeros(value.shape)]));
  return { step: 0, first: zeros(), second: zeros() };
}

/** One step: replaces (and disposes) the entries of `params` and of the state for every gradient given. */
export function adamStep(
  params: Record<string, tf.Tensor>,
  gradients: Readonly<Record<string, tf.Tensor>>,
  state: AdamState,
  { learningRate, weightDecay, decoupled }: AdamSettings,
): void {
  state.step++;
  const common = {
    weightDecay: decoupled ? 0 : weightDecay,
    beta1: BETA1,
    beta2: BETA2,
    rate: learningRate / (1 - power(BETA1, state.step)),
    correction2: 1 - power(BETA2, state.step),
  };
  const move = isOwn() || usesPrograms() ? moveByKernel : moveByOperations;
  for (const [name, gradient] of Object.entries(gradients)) {
    const moved = { w: params[name], gradient, m: state.first[name], v: state.second[name] };
    const attrs = { ...common, shrink: decoupled?.has(name) ? 1 - learningRate * weightDecay : 1 };
    const [value, first, second] = tf.tidy(() => move(moved, attrs));
    tf.dispose([params[name], state.first[name], state.second[name]]);
    params[name] = value;
    state.first[name] = first;
    state.second[name] = second;
  }
}

type Moved = Readonly<Record<'w' | 'gradient' | 'm' | 'v', tf.Tensor>>;

function moveByKernel(moved: Moved, attrs: AdamAttrs): tf.Tensor[] {
  return tf.engine().runKernel(ADAM, moved, attrs as unknown as tf.NamedAttrMap) as tf.Tensor[];
}

function moveByOperations({ w, gradient, m, v }: Moved, attrs: AdamAttrs): tf.Tensor[] {
  const { weightDecay, beta1, beta2, rate, correction2, shrink } = attrs;
  const g = tf.add(gradient, tf.mul(w, weightDecay));
  const first = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
  const second = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
  const scale = tf.add(tf.sqrt(tf.div(second, correction2)), EPSILON);
  return [tf.sub(tf.mul(w, shrink), tf.div(tf.mul(first, rate), scale)), first, second];
}

/** base^n by squaring: the same bits in every engine, which Math.pow does not promise. */
function power(base: number, n: number): number {
  let result = 1;
  for (let square = base, left = n; left > 0; left >>= 1, square *= square) if (left & 1) result *= square;
  return result;
}
