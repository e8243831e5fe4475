/** Stages for tests of stores: identities, records, networks and checkpoints, drawn by fast-check or by a number. */
import fc from 'fast-check';
import type { Params } from '../../../src/lab/nn/model';
import { hashOf } from '../../../src/lab/recipe/identity';
import type { FitCheckpoint } from '../../../src/lab/stage/checkpoint';
import type { StageRecord } from '../../../src/lab/stage/store';
import { tinyModel } from '../../../src/lab/testing/tiny';

export const idOf = (what: unknown): string => hashOf({ test: what });

export const recordOf = (id: string, more: Readonly<Record<string, unknown>> = {}): StageRecord => ({
  ...{ id, name: 'train', accuracy: 0.75, params: 10, macs: 20, bytes: 30, seconds: 1.5 },
  ...more,
});

export function checkpointOf(seed: number): FitCheckpoint {
  const { params } = tinyModel({ seed });
  const other = tinyModel({ seed: seed + 1 }).params;
  const epoch = {
    epoch: 1,
    loss: 1.25,
    accuracy: 0.5,
    validationLoss: 1.5,
    learningRate: 0.02,
    seconds: 0.1,
  };
  return { params, best: other, adam: { step: 7, first: other, second: params }, history: [epoch] };
}

const json = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

/** Any record that a stage may leave, as JSON has it. */
export const records: fc.Arbitrary<StageRecord> = fc
  .record({ own: json, what: fc.nat(), accuracy: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ own: { seal: _, ...own }, what, accuracy }) =>
    JSON.parse(JSON.stringify({ ...own, ...recordOf(idOf(what)), accuracy })),
  );

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

/** Any checkpoint of a training of one layer. */
export const checkpoints: fc.Arbitrary<FitCheckpoint> = fc
  .array(fc.tuple(float, float, float, float), { minLength: 1, maxLength: 20 })
  .chain((rows) => {
    const part = (column: number): Params => ({
      'layer/kernel': { shape: [rows.length], data: Float32Array.from(rows.map((row) => row[column])) },
    });
    return fc.record({ step: fc.nat(), loss: float }).map(
      ({ step, loss }): FitCheckpoint => ({
        ...{ params: part(0), best: part(1), adam: { step, first: part(2), second: part(3) } },
        history: [{ epoch: 1, loss, accuracy: 0.5, validationLoss: loss, learningRate: 0.01, seconds: 0.25 }],
      }),
    );
  });
