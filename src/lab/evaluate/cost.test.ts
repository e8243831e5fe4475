/** What a network is said to take as exported, against the file that is really written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ArchSpec, HEAD_KINDS } from '../families/gcnn/arch';
import { namedComparator } from '../families/mobile/spec';
import { dataSectionBytes, decodeSafetensors } from '../files/safetensors';
import { filesOf } from '../files/takeAlong/takeAlong';
import { INT8_LAYERS } from '../nn/arch';
import type { Model } from '../nn/model';
import { quantiseModel } from '../quantize/quantise';
import { GROUP_NAMES, GROUPS } from '../symmetry/group';
import { positionOrbits } from '../symmetry/turn';
import { cases } from '../testing/properties';
import { shakenModel, tinyArch } from '../testing/tiny';
import { layerCosts, totalCost } from './cost';

/** Networks of any group, head, kernels and numbers of fields; some with parts of their kernels gone, some rounded. */
const models: fc.Arbitrary<Model<ArchSpec>> = fc
  .record({
    group: fc.constantFrom(...GROUP_NAMES),
    head: fc.constantFrom(...HEAD_KINDS),
    filters: fc.constantFrom('grid' as const, 'steerable' as const),
    hidden: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 4 }),
    blocks: fc.array(
      fc.record({
        fields: fc.integer({ min: 1, max: 5 }),
        kernel: fc.constantFrom(1 as const, 3 as const, 5 as const),
        pool: fc.boolean(),
        /** Whether an orbit of kernel positions is kept, round and round. */
        keeps: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    int8: fc.constantFrom(null, ...INT8_LAYERS),
  })
  .map(({ blocks, channels, int8, ...options }) => {
    const arch: ArchSpec = {
      ...tinyArch(options),
      input: { size: 8, channels },
      blocks: blocks.map(({ keeps, ...block }) => ({ ...block, ...supportOf(options, block.kernel, keeps) })),
    };
    const float = shakenModel(arch);
    return int8 ? quantiseModel(float, { layers: int8, range: 'tile' }) : float;
  });

function supportOf(
  { group, filters }: Pick<ArchSpec, 'group' | 'filters'>,
  kernel: number,
  keeps: readonly boolean[],
) {
  if (filters === 'steerable' || keeps.every(Boolean)) return {};
  const orbits = positionOrbits(kernel, GROUPS[group].elements).map((_, i) => i);
  const support = orbits.filter((i) => keeps[i % keeps.length]);
  return { support: support.length > 0 ? support : [0] };
}

const exportedFile = (model: Model<ArchSpec>) => {
  const { files } = filesOf(
    model,
    model.classes.map(() => 0),
  );
  return files.find(({ name }) => name === 'network.safetensors')!.bytes;
};

describe('bytes as exported', () => {
  test('are those of the file that is written, whatever the network', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(models, (model) => {
        const { arch } = model;
        expect(totalCost(arch).exported).toBe(dataSectionBytes(exportedFile(model)));
        seen.add(`${arch.int8?.layers} ${arch.blocks.some(({ support }) => support)}`);
      }),
      { numRuns: cases(200) },
    );
    // Integers of both kinds and none, with and without parts of the kernels gone.
    expect(seen.size).toBe(6);
  });

  test('are those of each layer: its name stands before the dot', () => {
    fc.assert(
      fc.property(models, (model) => {
        const { tensors } = decodeSafetensors(exportedFile(model));
        for (const { name, exported } of layerCosts(model.arch)) {
          const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${name}.`));
          expect(exported).toBe(own.reduce((sum, [, { data }]) => sum + data.byteLength, 0));
        }
      }),
    );
  });

  test('stay what they are when parts of a kernel go, and fall with a field', () => {
    const arch = tinyArch({ group: 'C4' });
    const [first, second] = arch.blocks;
    const sparse: ArchSpec = { ...arch, blocks: [first, { ...second, support: [0, 2] }] };
    const narrow: ArchSpec = { ...arch, blocks: [first, { ...second, fields: second.fields - 1 }] };
    const [whole, less, fewer] = [arch, sparse, narrow].map(totalCost);
    expect(less.bytes).toBeLessThan(whole.bytes);
    expect(less.exported).toBe(whole.exported);
    expect(fewer.exported).toBeLessThan(whole.exported!);
  });

  test('are not there where a family has no form that runs elsewhere', () => {
    const arch = namedComparator('mobilenet-v2');
    expect(totalCost(arch).exported).toBeNull();
    expect(layerCosts(arch).every(({ exported }) => exported === null)).toBe(true);
  });
});
