/** The plain network beside a symmetric one, and what each multiplies. */
import { fourierMacs } from '../../nn/ops/groupConvolution/work';
import { GROUPS } from '../../symmetry/group';
import type { ArchSpec } from './arch';
import { blockLayouts, gcnnWork } from './layout';

/**
 * The same stack with as many channels and no symmetry. Its head reads averages: flattened, without group pooling, it
 * would read |G| times as many numbers, and cost more than the symmetric one for that alone.
 */
export function plainTwin(arch: ArchSpec): ArchSpec {
  const { order } = GROUPS[arch.group];
  return {
    ...arch,
    id: `plain twin of ${arch.id}`,
    group: 'C1',
    filters: 'grid',
    blocks: arch.blocks.map(({ fields, kernel, pool }) => ({ fields: fields * order, kernel, pool })),
    head: { ...arch.head, kind: 'pooled' },
  };
}

export interface Multiplications {
  /** With filters expanded to those of an ordinary convolution. */
  readonly expanded: number;
  /** By Fourier over the group. */
  readonly fourier: number;
}

/** Multiplications with an addition in all convolutions, for one tile. */
export function convolutionMacs(arch: ArchSpec): Multiplications {
  const isConvolution = ({ layer }: { layer: string }) => layer.startsWith('conv');
  return {
    expanded: gcnnWork(arch)
      .filter(isConvolution)
      .reduce((sum, { macs }) => sum + macs, 0),
    fourier: blockLayouts(arch).reduce(
      (sum, { filter, sizeIn }) => sum + sizeIn ** 2 * fourierMacs(filter),
      0,
    ),
  };
}
