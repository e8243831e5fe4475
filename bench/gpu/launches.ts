/** How many programs WebGPU is given for a step of training, and for a batch that is answered: ours, and tfjs's operations. */
import { columns } from '../../cli/node/table';
import { anyNamedArch } from '../../src/lab/families/anyArch';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { initialParams } from '../../src/lab/families/init';
import { openClassifier } from '../../src/lab/families/networks';
import type { AnyModel } from '../../src/lab/nn/model';
import { quantiseModel } from '../../src/lab/quantize/quantise';
import * as tf from '../../src/lab/runtime/tf';
import { setProgramsAside, watchPrograms } from '../../src/lab/runtime/webgpu/program';
import { finish, type Stage } from '../../src/lab/stage/events';
import { distilModel } from '../../src/lab/train/distil';
import { distilSettingsSchema, trainSettingsSchema } from '../../src/lab/train/settings';
import { trainModel } from '../../src/lab/train/train';
import { noiseDataset, wholeSplits } from '../noise';

/** Names of programs, in the order in which they were launched. */
export type Launched = readonly string[];

/** What a stage of training launches in the second of its steps. */
async function inStep(stage: Stage<unknown>): Promise<Launched> {
  let launched: string[] = [];
  const steps: Launched[] = [];
  const end = watchPrograms(tf.backend() as tf.WebGPUBackend, (name) => launched.push(name));
  try {
    await finish(stage, ({ type }) => {
      if (type !== 'batch') return;
      steps.push(launched);
      launched = [];
    });
  } finally {
    end();
  }
  return steps[1];
}

/** What a network launches to answer a batch, the second time. */
async function inAnswer(model: AnyModel, batch: number): Promise<Launched> {
  const { size, channels } = model.arch.input;
  const pictures = tf.randomNormal([batch, size, size, channels]) as tf.Tensor4D;
  const network = openClassifier(model);
  network.logits(pictures).dispose();
  const launched: string[] = [];
  const end = watchPrograms(tf.backend() as tf.WebGPUBackend, (name) => launched.push(name));
  network.logits(pictures).dispose();
  end();
  network.dispose();
  pictures.dispose();
  return launched;
}

function fresh(id: string): AnyModel {
  const arch = anyNamedArch(id);
  return {
    ...{ arch, params: initialParams(arch, 1), classes: noiseDataset(1, 1).classes, provenance: {} },
    normalisation: { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] },
  };
}

type Work = (batch: number) => Promise<Launched>;

const trained =
  (id: string): Work =>
  (batch) => {
    const model = fresh(id);
    const dataset = noiseDataset(2 * batch, model.arch.input.size);
    const settings = trainSettingsSchema.parse({ epochs: 1, batch, learningRate: 0.001 });
    return inStep(trainModel(model, dataset, wholeSplits(dataset), settings, 1));
  };

const distilled =
  (id: string): Work =>
  (batch) => {
    const model = fresh(id) as GcnnModel;
    const dataset = noiseDataset(2 * batch, model.arch.input.size);
    const settings = distilSettingsSchema.parse({ epochs: 1, batch, learningRate: 0.001 });
    return inStep(distilModel(model, model, dataset, wholeSplits(dataset), settings, 1));
  };

export const WORKS: Readonly<Record<string, Work>> = {
  'c4-twin-small, a step': trained('c4-twin-small'),
  'distilled into it, a step': distilled('c4-twin-small'),
  'mobilenet-v2, a step': trained('mobilenet-v2'),
  'vit-small, a step': trained('vit-small'),
  'c4-twin-small, answers': (batch) => inAnswer(fresh('c4-twin-small'), batch),
  'in 8 bits, answers': (batch) =>
    inAnswer(quantiseModel(fresh('c4-twin-small'), { layers: 'dense', range: 'batch' }), batch),
  'mobilenet-v2, answers': (batch) => inAnswer(fresh('mobilenet-v2'), batch),
};

/** Of each kind of work: programs with the lab's own among them, and by tfjs's operations alone. */
export async function launchesTable(batch: number): Promise<string[]> {
  const rows: string[][] = [['programs launched', 'ours', "tfjs's operations"]];
  for (const [name, work] of Object.entries(WORKS)) {
    const ours = await work(batch);
    setProgramsAside(true);
    const theirs = await work(batch).finally(() => setProgramsAside(false));
    rows.push([name, String(ours.length), String(theirs.length)]);
  }
  return columns(rows);
}
