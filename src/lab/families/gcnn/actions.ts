/**
 * How a group acts on the parameters of a plain network whose channels are taken in fields of |G|, and which of its channels
 * may be put into another order before. Weights that the whole group leaves as they are make the network equivariant: then
 * it is a network of group convolutions, written out.
 */
import { normNames } from '../../nn/norm';
import { GROUPS, type GroupName } from '../../symmetry/group';
import type { FreeOrder, ParamAction, Refusal } from '../family';
import { type ArchSpec, averagesMap } from './arch';

export function actions(arch: ArchSpec): readonly ParamAction[] | Refusal {
  const { group, filters, blocks, head } = arch;
  if (group !== 'C1') return { refusal: `equivariant under ${group} by its design` };
  if (filters !== 'grid') return { refusal: 'made of steerable filters, whose weights are no positions' };
  if (blocks.some(({ support }) => support))
    return { refusal: 'pruned inside its kernels, whose positions cannot all be turned any longer' };
  if (!averagesMap(head)) {
    return { refusal: `one with a head (${head.kind}) that reads its map position by position` };
  }
  return [
    ...blocks.flatMap((_, i): ParamAction[] => [
      { name: `conv${i + 1}.weight`, axes: ['kernel', i === 0 ? 'fixed' : 'fields', 'fixed', 'fields'] },
      ...[`conv${i + 1}.bias`, ...Object.values(normNames(`norm${i + 1}`))].map(
        (name): ParamAction => ({ name, axes: ['fields'] }),
      ),
    ]),
    { name: 'dense1.weight', axes: ['fields', 'fixed'] },
  ];
}

/** The channels of every block. */
export function orders({ blocks }: ArchSpec): FreeOrder[] {
  return blocks.map(({ fields: count }, i) => {
    const from = 0;
    const carried = [`conv${i + 1}.bias`, ...Object.values(normNames(`norm${i + 1}`))];
    const [next, axis] = i + 1 === blocks.length ? ['dense1.weight', 0] : [`conv${i + 2}.weight`, 1];
    const places = [
      { name: `conv${i + 1}.weight`, axis: 3, from, decides: true },
      ...carried.map((name) => ({ name, axis: 0, from, decides: false })),
      { name: next, axis, from, decides: false },
    ];
    return { count, places };
  });
}

export function projected(arch: ArchSpec, group: GroupName): ArchSpec {
  const { order } = GROUPS[group];
  return {
    ...arch,
    group,
    blocks: arch.blocks.map((block) => ({ ...block, fields: block.fields / order })),
    head: { ...arch.head, kind: 'averaged' },
  };
}
