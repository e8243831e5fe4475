import { expect, test } from 'vitest';
import { BadInput } from '../errors';
import { finish, type LabEvent } from '../events';
import { decodeModel, encodeModel } from '../formats/modelFile';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset, tinyModel, tinySplits } from '../testing/tiny';
import { finetuneSettingsSchema } from '../train/settings';
import { CRITERION_IDS } from './criteria';
import { openStudy } from './study';
import { pruneTrunk, rankTrunk, smallerTrunk, type TrunkBench, tuneTrunk } from './trunk';
import { grainOf, isRanked, plannedTrunk, type TrunkChoice, trunkChoiceSchema } from './trunkChoice';

const dataset = tinyDataset(8);
const splits = tinySplits(dataset);
const never = () => Promise.reject(new Error('nothing is timed here'));

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
        const plan = await plannedTrunk(known, choice, never);
        const { arch } = (await finish(smallerTrunk(own, choice))).model;
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
      const plan = await plannedTrunk(ranking, choice, never);
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

  test('what cannot be met is refused, before anything runs', async () => {
    const ranking = await finish(rankTrunk(await bench(), 'weights'));
    const refused = (choice: TrunkChoice) => expect(plannedTrunk(ranking, choice, never)).rejects;
    await refused({ ...fields, method: 'l2', target: { budget: { of: 'params', share: 0.01 } } }).toThrow(
      BadInput,
    );
    await refused({ ...fields, method: 'l2', target: { ratio: 0.5 }, blocks: [3] }).toThrow(/1 to 2/);
    await refused({ ...fields, method: 'taylor', target: { ratio: 0.5 } }).toThrow(/ranked by taylor/);
    await refused({ units: 'orbits', block: 9, target: 'ring' }).toThrow(BadInput);
  });
});
