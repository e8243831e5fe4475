/** An orbit layer's tables on the GPU: those of the latest sizes of maps stay there. */
import { Recent } from '../../../../recent';
import type * as tf from '../../../../runtime/tf';
import { release, type WebGPUBackend } from '../../../../runtime/webgpu/program';
import { makeOrbitPlan, type OrbitShape } from '../plan';

export interface OrbitTables {
  readonly orbits: number;
  /** [orbits][n]: the positions h·p. */
  readonly table: tf.TensorInfo;
  /** [orbits]: how many elements stand at each of its positions. */
  readonly sharing: tf.TensorInfo;
}

/** A few sizes of maps are in use at a time. */
const MOST_TABLES = 16;
const tables = new WeakMap<WebGPUBackend, Recent<string, OrbitTables>>();

export function orbitTables(backend: WebGPUBackend, shape: OrbitShape): OrbitTables {
  let latest = tables.get(backend);
  if (!latest) {
    latest = new Recent(
      MOST_TABLES,
      () => 1,
      ({ table, sharing }) => release(backend, table, sharing),
    );
    tables.set(backend, latest);
  }
  return latest.get(`${shape.group}/${shape.size}`, () => {
    const { positions, sharing } = makeOrbitPlan(shape);
    return {
      orbits: sharing.length,
      table: backend.makeTensorInfo([positions.length], 'int32', positions),
      sharing: backend.makeTensorInfo([sharing.length], 'float32', Float32Array.from(sharing)),
    };
  });
}
