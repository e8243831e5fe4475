/**
 * A hidden layer over whole maps that does not change when they turn: ReLU(b + max over g ∈ G of x[g⁻¹·]·w). Rows of maps
 * in the order (position, field); the gradient is shared evenly among orientations that tie.
 */
import { isOwn } from '../../../runtime/kernels/backend';
import { loadWith } from '../../../runtime/onDemand';
import * as tf from '../../../runtime/tf';
import { usesPrograms } from '../../../runtime/webgpu/program';
import { GROUPS } from '../../../symmetry/group';
import { turnSource } from '../../../symmetry/turn';
import type { Product } from '../dense';
import { multiply } from '../matmul';
import { splitMax } from '../maxima';
import { turnAll } from '../orientations';
import {
  ORBIT_HIDDEN,
  ORBIT_MAP_GRADIENT,
  ORBIT_RESPONSE_GRADIENT,
  ORBIT_WEIGHT_GRADIENT,
  ORBIT_WEIGHTS,
} from './names';
import type { OrbitShape } from './plan';

import './kernels';

loadWith('webgpu', () => import('./webgpu'));

type Inputs = Readonly<Record<string, tf.Tensor>>;

const runAll = (name: string, inputs: Inputs, shape: OrbitShape): tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, { shape } as never) as tf.Tensor[];
const run = (name: string, inputs: Inputs, shape: OrbitShape): tf.Tensor =>
  tf.engine().runKernel(name, inputs, { shape } as never) as tf.Tensor;

/** Whether the layer runs by Fourier over the group. */
const isFast = ({ group }: OrbitShape): boolean => (isOwn() || usesPrograms()) && group !== 'C1';

/** x [N, positions · fields], w [positions · fields, hidden] → [N, hidden]; no gradient flows to a `constant` x. */
export function orbitHidden(
  x: tf.Tensor2D,
  w: tf.Tensor2D,
  bias: tf.Tensor1D,
  shape: OrbitShape,
  constant?: 'input',
): tf.Tensor2D {
  if (!isFast(shape)) return orbitByTurning(x, (turned) => multiply(turned, w, constant), bias, shape);
  const forward = (maps: tf.Tensor, pattern: tf.Tensor, added: tf.Tensor, save: tf.GradSaveFunc) => {
    const weights = run(ORBIT_WEIGHTS, { w: pattern }, shape);
    // Components of the maps are kept where they were made beforehand.
    const found = runAll(ORBIT_HIDDEN, { x: maps, weights, bias: added }, shape);
    const [hidden, responses, components = maps] = found;
    save([weights, hidden, components, responses]);
    return hidden;
  };
  const backward = (dy: tf.Tensor, [weights, hidden, components, responses]: tf.Tensor[]) => {
    const [gradient, dBias] = runAll(ORBIT_RESPONSE_GRADIENT, { dy, hidden, responses }, shape);
    const dw = () => run(ORBIT_WEIGHT_GRADIENT, { maps: components, gradient }, shape);
    const dx = () => run(ORBIT_MAP_GRADIENT, { weights, gradient }, shape);
    return { dx, dw, dBias };
  };
  if (constant === 'input') {
    return tf.customGrad((pattern, added, save) => ({
      value: forward(x, pattern as tf.Tensor, added as tf.Tensor, save as tf.GradSaveFunc),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const { dw, dBias } = backward(dy, saved);
        return [dw(), dBias];
      },
    }))(w, bias) as tf.Tensor2D;
  }
  return tf.customGrad((maps, pattern, added, save) => ({
    value: forward(maps as tf.Tensor, pattern as tf.Tensor, added as tf.Tensor, save as tf.GradSaveFunc),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const { dx, dw, dBias } = backward(dy, saved);
      return [dx(), dw(), dBias];
    },
  }))(x, w, bias) as tf.Tensor2D;
}

/** The layer by its definition, with any product of rows [N, in] → [N, hidden]: all orientations one after the other. */
export function orbitByTurning(
  x: tf.Tensor2D,
  product: Product,
  bias: tf.Tensor1D,
  { group, size, fields }: OrbitShape,
): tf.Tensor2D {
  const { elements } = GROUPS[group];
  const turned = turnAll(
    x,
    elements.map((g) => turnSource(size, g)),
    fields,
  );
  const [tiles, hidden] = [x.shape[0], bias.size];
  const responses = tf.reshape(product(turned), [1, elements.length, tiles * hidden]) as tf.Tensor3D;
  // The maximum commutes with adding the bias and with ReLU, so both come after it.
  return tf.relu(tf.add(tf.reshape(splitMax(responses), [tiles, hidden]), bias)) as tf.Tensor2D;
}

export interface OpenOrbit {
  /** As `orbitHidden`, without a gradient. */
  hidden(x: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** The layer for inference: its weights are transformed once. They stay the caller's, and have to outlive it. */
export function openOrbit(w: tf.Tensor2D, bias: tf.Tensor1D, shape: OrbitShape): OpenOrbit {
  if (!isFast(shape))
    return { hidden: (x) => tf.tidy(() => orbitHidden(x, w, bias, shape)), dispose: () => {} };
  const weights = run(ORBIT_WEIGHTS, { w }, shape);
  return {
    hidden: (x) => tf.tidy(() => runAll(ORBIT_HIDDEN, { x, weights, bias }, shape)[0] as tf.Tensor2D),
    dispose: () => weights.dispose(),
  };
}
