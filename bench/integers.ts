/**
 * Evaluating a network in 8-bit integers on WASM with one thread: pictures to logits, the dense layers' products by the
 * kernels, by their definition in JavaScript, and in floats. In turn, by processor time.
 */
import { startNodeBackend } from '../cli/node/backend';
import { processorTime } from '../cli/node/processorTime';
import { columns } from '../cli/node/table';
import { logitsOf, openHidden } from '../src/lab/families/gcnn/head';
import type { GcnnModel } from '../src/lab/families/gcnn/model';
import { openNetwork } from '../src/lab/families/gcnn/network';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { tileBatch } from '../src/lab/nn/batch';
import { uploadParams } from '../src/lab/nn/live';
import { integerProduct } from '../src/lab/nn/ops/int8Product';
import { quantiseModel } from '../src/lab/quantize/quantise';
import * as tf from '../src/lab/runtime/tf';
import { median, rate, type Say } from './format';
import { noiseDataset } from './noise';
import { freshModel } from './throughput';

const TILES = 32;
const ROUNDS = 7;

type Logits = (x: tf.Tensor4D) => tf.Tensor2D;

export async function integers(say: Say): Promise<void> {
  await startNodeBackend('wasm', 1);
  const rows: string[][] = [];
  for (const id of ['c4', 'c4-twin', 'c4-twin-small', 'paper'] as const) {
    const arch = namedArch(id);
    const dataset = noiseDataset(TILES, arch.input.size);
    const float = freshModel(arch, dataset);
    const rounded = quantiseModel(float, { layers: 'all', range: 'batch' });
    const [network, plain] = [openNetwork(rounded), openNetwork(float)];
    const definition = byDefinition(rounded);
    const ways: Logits[] = [
      (x) => network.logits(network.hidden(network.features(x))),
      (x) => definition.logits(network.features(x)),
      (x) => plain.logits(plain.hidden(plain.features(x))),
    ];
    const batch = tileBatch(
      dataset,
      Array.from({ length: TILES }, (_, i) => i),
      float.normalisation,
    );
    const times: number[][] = [];
    for (let round = 0; round <= ROUNDS; round++) times.push(ways.map((way) => timeOf(way, batch)));
    // The first warms up.
    const [own, defined, floats] = ways.map((_, i) => median(times.slice(1).map((each) => each[i])));
    rows.push([
      id,
      ...[own, defined, floats].map((time) => rate(TILES / (time / 1000))),
      (defined / own).toFixed(2),
    ]);
    tf.dispose(batch);
    for (const each of [network, plain, definition]) each.dispose();
  }
  say(
    columns([
      ['8-bit integers, tiles/s (one thread)', 'kernels', 'definition', 'in floats', 'kernels / definition'],
      ...rows,
    ]),
  );
}

function timeOf(way: Logits, batch: tf.Tensor4D): number {
  const began = processorTime();
  tf.tidy(() => way(batch).dataSync());
  return processorTime() - began;
}

/** The head of a network in integers, whose products run in JavaScript. */
function byDefinition({ arch, params, int8 }: GcnnModel) {
  const tensors = uploadParams(params);
  const product = (layer: string) => (x: tf.Tensor2D) => {
    const weight = int8![`${layer}.weight`];
    const scale = params[`${layer}.weight_scale`].data[0];
    const values = integerProduct(x.dataSync<'float32'>(), weight, scale, arch.int8!.range);
    return tf.tensor2d(values, [x.shape[0], weight.shape[1]]);
  };
  const first = openHidden(arch, tensors, product('dense1'));
  return {
    logits: (features: tf.Tensor2D) =>
      logitsOf(tensors, first.hidden(features), { product: product('dense2') }),
    dispose: () => tf.dispose(Object.values(tensors)),
  };
}
