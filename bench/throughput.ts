/** Tiles per second of training and inference: our networks on WASM against tfjs's layers API where that can train. */

import type { Dataset } from '../src/lab/data/dataset';
import { featuresOf } from '../src/lab/evaluate/features';
import type { ArchSpec } from '../src/lab/families/gcnn/arch';
import { blockLayouts } from '../src/lab/families/gcnn/layout';
import type { GcnnModel } from '../src/lab/families/gcnn/model';
import { initialParams } from '../src/lab/families/init';
import * as tf from '../src/lab/runtime/tf';
import { finish } from '../src/lab/stage/events';
import { GROUPS } from '../src/lab/symmetry/group';
import { trainSettingsSchema } from '../src/lab/train/settings';
import { trainModel } from '../src/lab/train/train';
import { wholeSplits } from './noise';

export interface Throughput {
  /** Tiles per second, or null where it cannot be done. */
  readonly training: number | null;
  readonly inference: number;
}

/** Our network: one epoch of training after one to warm up, and trunk features of the same tiles. */
export async function ourThroughput(arch: ArchSpec, dataset: Dataset, batch: number): Promise<Throughput> {
  const model = freshModel(arch, dataset);
  const splits = wholeSplits(dataset);
  const settings = trainSettingsSchema.parse({ epochs: 3, batch, learningRate: 0.001 });
  const rates: number[] = [];
  await finish(trainModel(model, dataset, splits, settings, 1), (event) => {
    if (event.type === 'batch' && event.batch === event.batches) rates.push(event.tilesPerSecond);
  });
  await finish(featuresOf(model, dataset, splits.test));
  const began = performance.now();
  await finish(featuresOf(model, dataset, splits.test));
  const inference = dataset.count / ((performance.now() - began) / 1000);
  return { training: Math.max(...rates.slice(1)), inference };
}

/**
 * The same plain stack of convolutions (expanded widths, batch norm, pooling, dense head) in tfjs's layers API.
 * It does less than our network: its filters are free, so nothing is expanded and nothing is pooled over a group.
 */
export async function layersThroughput(arch: ArchSpec, tiles: number, batch: number): Promise<Throughput> {
  const { order } = GROUPS[arch.group];
  const { size, channels } = arch.input;
  const net = tf.sequential();
  blockLayouts(arch).forEach(({ filter, pool }, i) => {
    const inputShape = i === 0 ? { inputShape: [size, size, channels] } : {};
    const filters = filter.fieldsOut * order;
    net.add(tf.layers.conv2d({ filters, kernelSize: filter.kernel, padding: 'same', ...inputShape }));
    net.add(tf.layers.batchNormalization());
    net.add(tf.layers.activation({ activation: 'relu' }));
    if (pool) net.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  });
  net.add(arch.head.kind === 'pooled' ? tf.layers.globalAveragePooling2d({}) : tf.layers.flatten());
  net.add(tf.layers.dense({ units: arch.head.hidden, activation: 'relu' }));
  net.add(tf.layers.dense({ units: arch.classes, activation: 'softmax' }));
  net.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  const x = tf.randomUniform([tiles, size, size, channels]);
  const y = tf.oneHot(tf.range(0, tiles, 1, 'int32').mod(arch.classes).toInt(), arch.classes);
  try {
    const training = await rateOf(tiles, async () => {
      await net.fit(x, y, { epochs: 1, batchSize: batch, shuffle: false, verbose: 0 });
    }).catch(() => null);
    const inference = await rateOf(tiles, async () => {
      const out = net.predict(x, { batchSize: batch }) as tf.Tensor;
      await out.data();
      out.dispose();
    });
    return { training, inference };
  } finally {
    tf.dispose([x, y]);
    net.dispose();
  }
}

async function rateOf(tiles: number, work: () => Promise<void>): Promise<number> {
  await work();
  const began = performance.now();
  await work();
  return tiles / ((performance.now() - began) / 1000);
}

export function freshModel(arch: ArchSpec, dataset: Dataset): GcnnModel {
  return {
    arch,
    params: initialParams(arch, 1),
    classes: dataset.classes,
    normalisation: { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] },
    provenance: {},
  };
}
