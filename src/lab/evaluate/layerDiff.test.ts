/** Two networks layer by layer: nothing differs from itself, sums are the lab's totals, and what went is what was taken. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ArchSpec, HEAD_KINDS } from '../families/gcnn/arch';
import { paramLayouts } from '../families/layout';
import { COMPARATOR_IDS, namedComparator } from '../families/mobile/spec';
import { addDescription } from '../families/registry';
import { patches } from '../families/testing/patches';
import type { VitSpec } from '../families/vit/spec';
import type { AnyArch } from '../nn/arch';
import { archOf } from '../prune/fields/rank';
import { keptUnits } from '../prune/units/units';
import { quantiseArch } from '../quantize/quantise';
import { GROUP_NAMES } from '../symmetry/group';
import { TINY_MOBILE, tinyArch, tinyVit } from '../testing/tiny';
import { totalCost } from './cost';
import { diffNetworks, type LayerPair } from './layerDiff';
import { describeNetwork } from './layers';
import { diffWords, pairWords, removedUnits } from './layerWords';

const gcnns: fc.Arbitrary<ArchSpec> = fc
  .record({
    group: fc.constantFrom(...GROUP_NAMES),
    head: fc.constantFrom(...HEAD_KINDS),
    hidden: fc.integer({ min: 2, max: 9 }),
    fields: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ fields, ...options }) => ({
    ...tinyArch(options),
    blocks: fields.map((count) => ({ fields: count, kernel: 3 as const, pool: false })),
  }));

const archs: fc.Arbitrary<AnyArch> = fc.oneof(
  gcnns,
  fc.constantFrom<AnyArch>(
    TINY_MOBILE,
    tinyVit('C1'),
    tinyVit('C4'),
    ...COMPARATOR_IDS.map((id) => namedComparator(id)),
  ),
);

const diffOf = (before: AnyArch, after: AnyArch) =>
  diffNetworks(describeNetwork('before', before), describeNetwork('after', after));

const fates = (pairs: readonly LayerPair[]) => pairs.map(({ fate }) => fate);

describe('any two networks', () => {
  test('a network differs in nothing from itself', () => {
    fc.assert(
      fc.property(archs, (arch) => {
        const diff = diffOf(arch, arch);
        expect(new Set(fates(diff.pairs))).toEqual(new Set(['same']));
        expect(diff.pairs.every(({ before, after }) => before!.name === after!.name)).toBe(true);
        expect(removedUnits(diff)).toEqual([]);
        expect(diff.pairs.map(pairWords).join('')).toBe('');
      }),
    );
  });

  test('every layer of both stands once, in its order, and the sums are what the lab reports', () => {
    fc.assert(
      fc.property(archs, archs, (one, other) => {
        const { before, after, pairs, totals } = diffOf(one, other);
        expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(before.layers);
        expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after.layers);
        expect(totals).toEqual({ before: totalCost(one), after: totalCost(other) });
      }),
    );
  });

  test('held the other way round, what was new is gone, and as much came as went', () => {
    fc.assert(
      fc.property(gcnns, gcnns, (one, other) => {
        const net = ({ pairs }: ReturnType<typeof diffOf>) =>
          pairs.reduce((sum, { removed }) => sum + removed, 0);
        expect(net(diffOf(one, other)) + net(diffOf(other, one))).toBe(0);
      }),
    );
  });
});

test('of a family that says no more than it must, what comes out of a weight is counted', () => {
  const remove = addDescription(patches);
  try {
    const arch = patches.named('patches', {});
    const narrow: typeof arch = { ...arch, width: arch.width - 3 };
    const words = diffOf(arch, narrow).pairs.map(pairWords);
    expect(words).toEqual([
      `3 of ${arch.width} channels went`,
      'other costs',
      `reads ${arch.width} ⇒ ${narrow.width}`,
    ]);
  } finally {
    remove();
  }
});

test('what a layer makes is what its weights have at their end, and what it leaves are the channels of that', () => {
  fc.assert(
    fc.property(archs, (arch) => {
      const ends = new Map(paramLayouts(arch).map(({ name, shape }) => [name, shape.at(-1)!]));
      for (const { name, makes, shape } of describeNetwork('', arch).layers) {
        if (!makes) continue;
        const { unit, count, each = 1 } = makes;
        const end = ends.get(`${name}.weight`)!;
        expect(shape!.at(-1)).toBe(end * each);
        if (unit !== 'head') expect(count).toBe(end);
        else expect(end % (3 * count)).toBe(0);
      }
    }),
  );
});

describe('what was pruned', () => {
  test('fields and neurons: as many went as were taken, and no layer', () => {
    const pruned = gcnns.chain((arch) =>
      fc.record({
        arch: fc.constant(arch),
        gone: fc.tuple(...arch.blocks.map(({ fields }) => fc.integer({ min: 0, max: fields - 1 }))),
        neurons: fc.integer({ min: 0, max: arch.head.hidden - 1 }),
      }),
    );
    fc.assert(
      fc.property(pruned, ({ arch, gone, neurons }) => {
        const kept = arch.blocks.map(({ fields }, i) =>
          keptUnits(
            Uint32Array.from({ length: fields }, (_, unit) => unit),
            fields - gone[i],
          ),
        );
        const smaller = archOf(arch, kept);
        const after = { ...smaller, head: { ...smaller.head, hidden: arch.head.hidden - neurons } };
        const diff = diffOf(arch, after);
        expect(fates(diff.pairs).filter((fate) => fate !== 'same' && fate !== 'changed')).toEqual([]);
        const sum = gone.reduce((a, b) => a + b, 0);
        expect(removedUnits(diff)).toEqual([
          ...(sum > 0 ? [{ unit: arch.group === 'C1' ? 'channel' : 'field', count: sum }] : []),
          ...(neurons > 0 ? [{ unit: 'neuron', count: neurons }] : []),
        ]);
        for (const [i, count] of gone.entries()) {
          const pair = diff.pairs.find(({ before }) => before?.name === `conv${i + 1}`)!;
          expect([pair.removed, pair.after?.makes?.count]).toEqual([count, kept[i].length]);
        }
      }),
    );
  });

  test('heads of a transformer', () => {
    const arch = tinyVit('C4');
    const [first, ...rest] = arch.blocks;
    const fewer: VitSpec = { ...arch, blocks: [{ ...first, heads: first.heads - 1 }, ...rest] };
    const diff = diffOf(arch, fewer);
    expect(removedUnits(diff)).toEqual([{ unit: 'head', count: 1 }]);
    const changed = diff.pairs.filter(({ fate }) => fate === 'changed').map(({ before }) => before!.name);
    expect(changed).toEqual(['block1.qkv', 'block1.proj']);
  });

  test('a block of a transformer that is gone', () => {
    const arch = tinyVit('C1');
    const deeper: VitSpec = { ...arch, blocks: [...arch.blocks, ...arch.blocks] };
    const diff = diffOf(deeper, arch);
    expect(fates(diff.pairs).filter((fate) => fate === 'gone').length).toBe(6 * arch.blocks.length);
    expect(diff.pairs.find(({ before }) => before?.name === 'head')!.fate).toBe('same');
  });
});

test('fields of a group and channels of none are no fewer of each other', () => {
  const diff = diffOf(tinyArch({ group: 'C4' }), tinyArch({ group: 'C1' }));
  expect(removedUnits(diff)).toEqual([]);
  expect(pairWords(diff.pairs[0])).toMatch(/^lifting ⇒ convolution; \d+ fields? of 4 ⇒ \d+ channels?/);
});

describe('what was rounded', () => {
  const arch = tinyArch();

  test('dense layers: floats become integers, and nothing is gone', () => {
    const { pairs } = diffOf(arch, quantiseArch(arch, { layers: 'dense', range: 'tile' }));
    const changed = pairs.filter(({ fate }) => fate === 'changed');
    expect(changed.map(({ before }) => before!.name)).toEqual(['dense1', 'dense2']);
    expect(changed.map(pairWords)).toEqual(Array(2).fill('floats ⇒ 8-bit integers'));
  });

  test('all layers: every norm is merged into its convolution', () => {
    const diff = diffOf(arch, quantiseArch(arch, { layers: 'all', range: 'tile' }));
    const norms = diff.pairs.filter(({ before }) => before?.kind === 'norm');
    expect(fates(norms)).toEqual(arch.blocks.map(() => 'merged'));
    expect(fates(diff.pairs)).not.toContain('gone');
    expect(diffWords(diff)).toBe(
      `${norms.length} norms merged into the layer before, ${norms.length + 2} layers changed`,
    );
  });
});

test('by hand: half of the fields of the first layer, and a smaller kernel in the second', () => {
  const before: ArchSpec = {
    ...tinyArch({ group: 'C4' }),
    blocks: [
      { fields: 4, kernel: 3, pool: true },
      { fields: 2, kernel: 5, pool: false },
    ],
  };
  const after: ArchSpec = {
    ...before,
    blocks: [
      { fields: 2, kernel: 3, pool: true },
      { fields: 2, kernel: 3, pool: false },
    ],
  };
  const words = Object.fromEntries(
    diffOf(before, after).pairs.map((pair) => [pair.before!.name, pairWords(pair)]),
  );
  expect(words).toMatchObject({
    conv1: '2 of 4 fields went',
    norm1: 'channels 16 ⇒ 8',
    conv2: 'reads 4 ⇒ 2; kernel 5×5 ⇒ 3×3; values of a filter 25 ⇒ 9',
    norm2: '',
    dense1: '',
  });
});
