import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { trunkChoiceSchema, tuningSchema } from '../../lab/prune/trunk/choice';
import { fieldsForms } from '../testing/fieldsForms';
import {
  beginFields,
  DEFAULT_FIELDS,
  layersOf,
  previewFields,
  settleFields,
  trunkChoiceOf,
  tuningOf,
  useFields,
} from './fields';
import { layerRows } from './layerRows';

beforeEach(() => beginFields(DEFAULT_FIELDS));

test('every form stands for a choice that the worker takes, in layers that the network has', () => {
  fc.assert(
    fc.property(fieldsForms, fc.constantFrom('tiny', 'c4', 'c4-deep'), (form, id) => {
      const arch = namedArch(id);
      const choice = trunkChoiceOf(form, arch, 7);
      // In the same order, too: page and worker name what is kept by it.
      expect(JSON.stringify(trunkChoiceSchema.parse(choice))).toBe(JSON.stringify(choice));
      expect(tuningSchema.parse(tuningOf(form))).toEqual(tuningOf(form));
      const blocks = choice.units === 'fields' ? (choice.blocks ?? []) : [choice.block];
      for (const block of blocks) expect(block).toBeLessThanOrEqual(arch.blocks.length);
    }),
  );
});

test('a share of a cost that goes is a budget of what stays; steps are for fields alone', () => {
  const arch = namedArch('tiny');
  const form = { ...DEFAULT_FIELDS, by: 'macs', removed: 0.3, steps: 4 } as const;
  expect(trunkChoiceOf(form, arch, 1)).toMatchObject({ target: { budget: { of: 'macs', share: 0.7 } } });
  expect(tuningOf(form).steps).toBe(4);
  const orbits = { ...form, units: 'orbits', orbits: 'share', method: 'variance' } as const;
  expect(trunkChoiceOf(orbits, arch, 1)).toMatchObject({ target: { method: 'l2', ratio: 0.3 } });
  expect(tuningOf(orbits).steps).toBe(1);
});

test('a list of layers keeps those there are; all of them, or none, means all', () => {
  expect(layersOf('all', 3)).toBeUndefined();
  expect(layersOf('3,1,1,9', 3)).toEqual([1, 3]);
  expect(layersOf('1,2,3', 3)).toBeUndefined();
  expect(layersOf('9', 3)).toBeUndefined();
});

test('a drag settles once, and a setting settled on again changes nothing', () => {
  previewFields(0.2);
  previewFields(0.7);
  expect(useFields.getState().settled.removed).toBe(DEFAULT_FIELDS.removed);
  settleFields();
  const { settled } = useFields.getState();
  expect(settled.removed).toBe(0.7);
  previewFields(0.1);
  settleFields({ removed: 0.7 });
  expect(useFields.getState().settled).toBe(settled);
});

test('the layers of the table add up to the whole, before and after', () => {
  const before = namedArch('c4');
  const after = { ...before, blocks: before.blocks.map((block) => ({ ...block, fields: 2 })) };
  const { layers, total } = layerRows(before, after);
  for (const of of ['params', 'macs'] as const) {
    for (const at of [0, 1]) {
      expect(layers.reduce((sum, layer) => sum + layer[of][at], 0)).toBe(total[of][at]);
    }
  }
  expect(total.fields).toEqual([24, 4]);
  expect(layers.filter(({ fields }) => fields !== null).length).toBe(before.blocks.length);
});
