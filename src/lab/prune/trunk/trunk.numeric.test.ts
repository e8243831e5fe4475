import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import type { ArchSpec } from '../../families/gcnn/arch';
import { decodeModel, encodeModel } from '../../files/modelFile';
import { finish, type LabEvent } from '../../stage/events';
import { memoryStore } from '../../stage/store';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { finetuneSettingsSchema } from '../../train/settings';
import { CRITERION_IDS } from '../criteria';
import type { Measure } from '../fields/time';
import { openStudy, type Study } from '../neurons/study';
import { forgetSteps, type KeptChoice } from '../tuning/keptSteps';
import type { Checkpointing } from '../tuning/keptTuning';
import { grainOf, isRanked, planTrunk, type TrunkChoice, trunkChoiceSchema } from './choice';
import { pruneTrunk, rankTrunk, shrinkTrunk, type TrunkBench, type TunedTrunk, tuneTrunk } from './trunk';

const dataset = tinyDataset(8);
const splits = tinySplits(dataset);

const bench = async (options: Parameters<typeof tinyModel>[0] = {}): Promise<TrunkBench> => ({
  study: await finish(openStudy(tinyModel(options), dataset, splits)),
  seed: 3,
});

const fields = { units: 'fields', compensation: 'none', seed: 3 } as const;

const CHOICES: readonly Exclude<TrunkChoice, { units: 'channels' }>[] = [
  ...CRITERION_IDS.map((method) => ({ ...fields, method, target: { ratio: 0.5 } })),
  { ...fields, method: 'l2', target: { ratio: 0.4 }, blocks: [2] },
  { ...fields, method: 'taylor', target: { budget: { of: 'params', share: 0.7 } } },
  { ...fields, method: 'variance', compensation: 'mean', target: { budget: { of: 'macs', share: 0.5 } } },
  { units: 'orbits', block: 1, target: 'ring' },
  { units: 'orbits', block: 2, target: { ratio: 0.4, method: 'l1', seed: 3 } },
];

describeOnBackends('pruning inside the trunk', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu').each(['grid', 'steerable'] as const)(
    '%s: what a ranking tells is what pruning leaves',
    async (filters) => {
      const own = await bench({ filters, group: 'D4', kernel: 5 });
      const weights = await finish(rankTrunk(own, 'weights'));
      const ranking = await finish(rankTrunk(own, 'fields'));
      for (const choice of CHOICES) {
        expect(trunkChoiceSchema.parse(choice)).toEqual(choice);
        const words = JSON.stringify(choice);
        const known = grainOf(choice) === 'weights' ? weights : ranking;
        expect(isRanked(known, choice), words).toBe(true);
        const plan = planTrunk(known, choice);
        const { arch } = (await finish(shrinkTrunk(own, choice))).model;
        expect(plan.arch, words).toEqual(arch);
        expect(plan.fields.map(({ length }, i) => weights.arch.blocks[i].fields - length)).toEqual(
          arch.blocks.map((block) => block.fields),
        );
      }
      expect(isRanked(weights, { ...fields, method: 'taylor', target: { ratio: 0 } })).toBe(false);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'measured beside what it was: smaller, and as symmetric as before',
    async () => {
      const own = await bench({ group: 'D4' });
      const choice = {
        ...fields,
        method: 'variance',
        compensation: 'norms',
        target: { ratio: 0.5 },
      } as const;
      const { result, model } = await finish(pruneTrunk(own, choice));
      expect(result.arch).toEqual(model!.arch);
      expect(decodeModel(encodeModel(model!), 'it').provenance.pruned).toEqual(choice);
      expect(result.gone!.map(({ length }) => length)).toEqual([1, 2]);
      expect(result.after.params).toBeLessThan(result.before.params);
      for (const { agreement, errors } of [result.before, result.after]) {
        expect(agreement).toBe(1);
        for (const { layer, max } of errors) expect(max, layer).toBeLessThan(1e-5);
      }
      expect(result.latency!.after).toBeGreaterThan(0);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'the counter-example breaks, and nothing of it can be saved',
    async () => {
      const own = await bench({ seed: 6, head: 'pooled' });
      const choice = { units: 'channels', method: 'random', ratio: 0.5, block: 2, seed: 3 } as const;
      expect(grainOf(choice)).toBe('channels');
      const ranking = await finish(rankTrunk(own, 'channels'));
      const plan = planTrunk(ranking, choice);
      const { result, model } = await finish(pruneTrunk(own, choice));
      expect(model).toBeNull();
      expect(plan.channels[1].length).toBe(result.naive!.removed);
      expect(result.after.errors.at(-1)!.max).toBeGreaterThan(1e-3);
      expect(result.naive!.fields.errors.at(-1)!.max).toBeLessThan(1e-5);
      expect(result.naive!.fields.params).toBeLessThan(result.after.params);
      expect(result.after.params).toBe(result.before.params);
    },
  );

  test.skipIf(backend === 'webgpu')(
    'in steps, taught by the unpruned network; each step is told',
    async () => {
      const own = await bench();
      const settings = finetuneSettingsSchema.parse({
        scope: 'network',
        epochs: 2,
        tolerance: 0,
        excellent: 0,
        distil: {},
      });
      const seen: LabEvent[] = [];
      const choice = { ...fields, method: 'l2', target: { ratio: 0.6 } } as const;
      const { result, model } = await finish(tuneTrunk(own, choice, settings, 2), (event) => {
        seen.push(event);
      });
      const pruned = seen.filter(({ type }) => type === 'pruned');
      expect(pruned.map((event) => event.type === 'pruned' && [event.step, event.steps])).toEqual([
        [1, 2],
        [2, 2],
      ]);
      const { rounds, start, accuracy, epochs } = result.tuned;
      expect(rounds.length).toBe(1);
      expect(pruned.at(-1)).toMatchObject({ accuracy: start });
      expect(epochs.length).toBe(seen.filter(({ type }) => type === 'epoch').length - rounds[0].epochs);
      expect(accuracy).toBeGreaterThanOrEqual(start);
      expect(result.after.turned[0]).toBeCloseTo(accuracy, 6);
      expect(model.arch.blocks.map((block) => block.fields)).toEqual([1, 1]);
      expect(result.after.agreement).toBe(1);
    },
  );

  describe.skipIf(backend === 'webgpu')('in steps, kept as they go', () => {
    // Bounds that no network meets, so that every step trains all its epochs.
    const settings = finetuneSettingsSchema.parse({
      ...{ scope: 'network', epochs: 2, batch: 8, tolerance: 0, excellent: 0, learningRate: 0.01 },
      distil: {},
    });
    const choice = { ...fields, method: 'taylor', target: { ratio: 0.55 } } as const;
    const [never, steps] = [new AbortController().signal, 2];
    let study: Study;
    beforeAll(async () => {
      const { study: own } = await bench();
      study = { ...own, baseline: { ...own.baseline, accuracy: 1.5 } };
    });
    // Each on a bench of its own, as after a reload.
    const run = (checkpointing: Checkpointing | undefined, onEvent: (event: LabEvent) => void = () => {}) =>
      finish(tuneTrunk({ study, seed: 3 }, choice, settings, steps, checkpointing), onEvent);
    const numbers = ({ result, model }: TunedTrunk) => {
      const { epochs, rounds, start, stop } = result.tuned;
      const losses = epochs.map(({ loss, accuracy }) => [loss, accuracy]);
      return { losses, rounds, start, stop, turned: result.after.turned, params: model.params };
    };

    test('killed after every epoch and started again: to the same numbers', async () => {
      const whole = await run(undefined);
      expect(whole.result.tuned.rounds).toMatchObject([{ epochs: 2 }]);
      const store = memoryStore();
      const told: string[] = [];
      let killed = 0;
      for (let ended: TunedTrunk | null = null; !ended; killed++) {
        ended = await run({ store, key: 'k', stop: never }, (event) => {
          if (event.type === 'resumed') told.push(`epoch ${event.history.length}`);
          if (event.type === 'pruned' && event.end) told.push(`step of ${event.end.epochs}`);
          if (event.type === 'epoch') throw new Error('killed');
        }).catch((error) => {
          if (error.message !== 'killed') throw error;
          return null;
        });
        if (ended) expect(numbers(ended)).toEqual(numbers(whole));
      }
      // Four epochs, the two of the second step after the first was told again.
      expect(killed).toBe(5);
      expect(told).toEqual(['epoch 1', 'epoch 2', 'step of 2', 'epoch 1', 'step of 2', 'epoch 2']);
      await forgetSteps({ store, key: 'k', stop: never }, steps);
      expect(await store.loadStage('k')).toBeUndefined();
      expect(await store.loadCheckpoint('k step 2')).toBeUndefined();
    });

    test('stopped with the best epoch so far, in either step; then gone on with as if nothing had been', async () => {
      const whole = await run(undefined);
      const store = memoryStore();
      const stopped = async () => {
        const stop = new AbortController();
        return run({ store, key: 'k', stop: stop.signal }, ({ type }) => {
          if (type === 'epoch') stop.abort();
        });
      };
      const first = await stopped();
      const { tuned, after, gone } = first.result;
      expect(tuned).toMatchObject({ stop: 'stopped', stoppedIn: 1, rounds: [], epochs: [{ epoch: 1 }] });
      expect(tuned.accuracy).toBe(Math.max(tuned.start, tuned.epochs[0].accuracy));
      expect(after.turned[0]).toBeCloseTo(tuned.accuracy, 6);
      expect(first.model.provenance.pruned).toEqual({ ...choice, stoppedIn: 1 });
      // Less is gone than after the last step.
      expect(after.params).toBeGreaterThan(whole.result.after.params);
      expect(gone!.map(({ length }) => length)).toEqual([1, 1]);

      const second = (await stopped()).result.tuned;
      expect(second).toMatchObject({ stop: 'stopped', stoppedIn: 1, epochs: [{}, {}] });
      const third = (await stopped()).result;
      expect(third.tuned).toMatchObject({ stop: 'stopped', rounds: [{ epochs: 2 }], epochs: [{}] });
      expect(third.tuned.stoppedIn).toBeUndefined();
      expect(third.after.params).toBe(whole.result.after.params);
      expect(numbers(await run({ store, key: 'k', stop: never }))).toEqual(numbers(whole));
    });

    test('stopped before the first epoch it is the pruned network; orbits are kept alike', async () => {
      const ring = { units: 'orbits', block: 2, target: 'ring' } as const;
      const own = { study, seed: 3 };
      const stop = new AbortController();
      const checkpointing = { store: memoryStore(), key: 'k', stop: stop.signal };
      const begun = await finish(tuneTrunk(own, ring, settings, 1, checkpointing), ({ type }) => {
        if (type === 'pruned') stop.abort();
      });
      const { start, accuracy, epochs } = begun.result.tuned;
      expect([epochs, accuracy]).toEqual([[], start]);
      expect(begun.result.gone).toBeNull();
      const ended = await finish(tuneTrunk(own, ring, settings, 1, { ...checkpointing, stop: never }));
      expect(ended.result.tuned).toMatchObject({ start, epochs: [{}, {}], stop: 'epochs' });
      expect(ended.model.arch.blocks[1].kernel).toBe(1);
    });
  });

  describe.skipIf(backend === 'webgpu')('a budget of time', () => {
    const settings = finetuneSettingsSchema.parse({
      ...{ scope: 'network', epochs: 2, batch: 8, tolerance: 0, excellent: 0, learningRate: 0.01 },
    });
    const choice = { ...fields, method: 'l2', target: { budget: { of: 'latency', share: 0.6 } } } as const;
    const signal = new AbortController().signal;
    let study: Study;
    beforeAll(async () => {
      const { study: own } = await bench();
      study = { ...own, baseline: { ...own.baseline, accuracy: 1.5 } };
    });
    /** A device on which a layer's fields cost this much each. */
    const device = (costs: readonly number[]): Measure & { asked: number } => {
      const measure = async (archs: readonly ArchSpec[]) => {
        measure.asked++;
        return archs.map(({ blocks }) => blocks.reduce((sum, { fields }, i) => sum + costs[i] * fields, 0.5));
      };
      measure.asked = 0;
      return measure;
    };
    const counts = (arch: ArchSpec) => arch.blocks.map((block) => block.fields);
    const run = (measure: Measure, keep: Checkpointing, steps: number, onEvent?: (event: LabEvent) => void) =>
      finish(tuneTrunk({ study, seed: 3, measure }, choice, settings, steps, keep), onEvent);
    /** Ends a run when the event is there, as a page that is closed does. */
    const killed = async (running: Promise<unknown>) => expect(running).rejects.toThrow('killed');

    test('what was chosen is chosen once: killed before the network is kept, and gone on with elsewhere', async () => {
      const slow = device([4, 1]);
      // Here the same budget asks for another network.
      const other = device([0, 1]);
      const atOnce = await finish(shrinkTrunk({ study, seed: 3, measure: slow }, choice));
      const elsewhere = await finish(shrinkTrunk({ study, seed: 3, measure: other }, choice));
      expect(counts(elsewhere.model.arch)).not.toEqual(counts(atOnce.model.arch));

      const keep = { store: memoryStore(), key: 'k', stop: signal };
      let timed = false;
      await killed(
        run(slow, keep, 1, (event) => {
          if (event.type !== 'progress') return;
          timed ||= event.what === 'timing';
          if (timed && event.what === 'features') throw new Error('killed');
        }),
      );
      const before = other.asked;
      const { result, model } = await run(other, keep, 1);
      // Only the figures at the end are timed.
      expect(other.asked - before).toBe(1);
      expect(counts(model.arch)).toEqual(counts(atOnce.model.arch));
      expect(result.gone!.map((gone, i) => study.model.arch.blocks[i].fields - gone.length)).toEqual(
        counts(model.arch),
      );
      expect(result.reached).toEqual(atOnce.reached);
      expect(result.reached!.share).toBeLessThanOrEqual(0.6);
      await forgetSteps(keep, 1);
      expect(await keep.store.loadStage('k step 1 choice')).toBeUndefined();
    });

    test('in the second step, too, with the epochs of the first', async () => {
      const keep = { store: memoryStore(), key: 'k', stop: signal };
      const slow = device([4, 1]);
      let pruned = 0;
      await killed(
        run(slow, keep, 2, (event) => {
          if (event.type === 'pruned') pruned++;
          if (pruned === 1 && event.type === 'epoch' && event.epoch === 2) pruned++;
          // The second step is chosen, and its network not kept yet.
          if (pruned === 2 && event.type === 'progress' && event.what === 'features')
            throw new Error('killed');
        }),
      );
      const choices = async () => (await keep.store.loadStage('k step 2 choice'))?.record.kept;
      const decided = await choices();
      expect(decided).toBeDefined();
      const other = device([0, 1]);
      const { model } = await run(other, keep, 2);
      expect(other.asked).toBe(1);
      expect(await choices()).toEqual(decided);
      expect(counts(model.arch)).toEqual((decided as number[][]).map(({ length }) => length));
    });

    test('what was decided before is handed in, as plain data, and not timed again', async () => {
      const slow = device([4, 1]);
      const { kept, reached, model } = await finish(shrinkTrunk({ study, seed: 3, measure: slow }, choice));
      const given = JSON.parse(
        JSON.stringify({ kept: kept!.map((each) => Array.from(each)), reached }),
      ) as KeptChoice;
      const other = device([0, 1]);
      const keep = { store: memoryStore(), key: 'k', stop: signal };
      const tuned = await finish(
        tuneTrunk({ study, seed: 3, measure: other }, choice, settings, 1, keep, given),
      );
      expect(counts(tuned.model.arch)).toEqual(counts(model.arch));
      expect(other.asked).toBe(1);
    });

    test('epochs of a network of another shape are dropped, not loaded; stopped then, it is the pruned one', async () => {
      const stop = new AbortController();
      const keep = { store: memoryStore(), key: 'k', stop: stop.signal };
      await killed(
        run(device([4, 1]), keep, 1, ({ type }) => {
          if (type === 'epoch') throw new Error('killed');
        }),
      );
      const own = (await keep.store.loadCheckpoint('k step 1'))!;
      // As though they had been kept of the unpruned network.
      const foreign = { ...own, params: study.model.params, best: study.model.params };
      await keep.store.saveCheckpoint('k step 1', foreign);
      const told: string[] = [];
      const { model, result } = await run(device([4, 1]), keep, 1, (event) => {
        told.push(event.type === 'warning' ? event.message : event.type);
        if (event.type === 'warning') stop.abort();
      });
      expect(told).toContainEqual(expect.stringMatching(/belong to a network of another shape/));
      expect(told).not.toContain('resumed');
      expect(result.tuned).toMatchObject({ epochs: [], stop: 'stopped', accuracy: result.tuned.start });
      expect(model.params['conv1.weight'].shape.at(-1)).toBe(counts(model.arch)[0]);
    });
  });

  test('what cannot be met is refused, before anything runs', async () => {
    const ranking = await finish(rankTrunk(await bench(), 'weights'));
    const refused = (choice: TrunkChoice) => expect(() => planTrunk(ranking, choice));
    refused({ ...fields, method: 'l2', target: { budget: { of: 'params', share: 0.01 } } }).toThrow(BadInput);
    refused({ ...fields, method: 'l2', target: { ratio: 0.5 }, blocks: [3] }).toThrow(/1 to 2/);
    refused({ ...fields, method: 'taylor', target: { ratio: 0.5 } }).toThrow(/ranked by taylor/);
    refused({ units: 'orbits', block: 9, target: 'ring' }).toThrow(BadInput);
  });
});
