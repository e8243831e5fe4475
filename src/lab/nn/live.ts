/** Parameters as live tensors on the running backend, by name. */
import * as tf from '../runtime/tf';
import type { Params } from './model';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Uploads parameters; the caller owns the tensors. */
export function uploadParams(params: Params): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
}

/** Live tensors → plain parameters (a copy). */
export async function downloadParams(tensors: Tensors): Promise<Params> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const data = Float32Array.from((await tensor.data()) as Float32Array);
    return [name, { shape: tensor.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
