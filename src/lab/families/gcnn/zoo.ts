/**
 * The architectures the lab knows by name (science §3). Adding one is adding a row.
 */

import { BadInput } from '../../errors';
import type { DesignChoices } from '../family';
import { type ArchSpec, archSchema, type Block, type Head, type HeadKind } from './arch';

const block = (fields: number, kernel: Block['kernel'], pool: boolean): Block => ({ fields, kernel, pool });
const head = (kind: HeadKind, hidden: number, dropout: number): Head => ({ kind, hidden, dropout });
const picture = (size: number) => ({ size, channels: 3 });

/** The paper's two blocks: 3 → 8 → 16 fields, pooling after each. */
const twoBlocks = (kernel: Block['kernel']): Block[] => [block(8, kernel, true), block(16, kernel, true)];
/** Six 3×3 blocks, pooling after each pair. */
const sixBlocks = (a: number, b: number, c: number): Block[] =>
  [a, b, c].flatMap((fields) => [block(fields, 3, false), block(fields, 3, true)]);

const ZOO: readonly ArchSpec[] = [
  {
    id: 'paper',
    group: 'D4',
    filters: 'steerable',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('flat', 128, 0.3),
    classes: 10,
  },
  {
    id: 'efficient',
    group: 'D4',
    filters: 'steerable',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('flat', 90, 0.3),
    classes: 10,
  },
  {
    id: 'ultra',
    group: 'D4',
    filters: 'steerable',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('flat', 90, 0.2),
    classes: 10,
  },
  {
    id: 'c4',
    group: 'C4',
    filters: 'steerable',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'c4-grid',
    group: 'C4',
    filters: 'grid',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'd4-grid',
    group: 'D4',
    filters: 'grid',
    input: picture(64),
    blocks: twoBlocks(3),
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'c4-small',
    group: 'C4',
    filters: 'steerable',
    input: picture(32),
    blocks: twoBlocks(3),
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'c4-twin',
    group: 'C4',
    filters: 'grid',
    input: picture(64),
    blocks: sixBlocks(8, 16, 32),
    head: head('orbit', 512, 0.3),
    classes: 10,
  },
  {
    id: 'c4-twin-small',
    group: 'C4',
    filters: 'grid',
    input: picture(32),
    blocks: sixBlocks(4, 8, 16),
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'c4-deep',
    group: 'C4',
    filters: 'grid',
    input: picture(64),
    blocks: [block(8, 5, false), block(8, 5, true), block(16, 5, false), block(16, 5, true)],
    head: head('orbit', 128, 0.3),
    classes: 10,
  },
  {
    id: 'base',
    group: 'C1',
    filters: 'grid',
    input: picture(64),
    blocks: sixBlocks(32, 64, 128),
    head: head('pooled', 512, 0.3),
    classes: 10,
  },
  {
    id: 'base-small',
    group: 'C1',
    filters: 'grid',
    input: picture(32),
    blocks: sixBlocks(16, 32, 64),
    head: head('pooled', 128, 0.3),
    classes: 10,
  },
  {
    id: 'tiny',
    group: 'C4',
    filters: 'grid',
    input: picture(8),
    blocks: [block(2, 3, true), block(3, 3, true)],
    head: head('orbit', 8, 0),
    classes: 10,
  },
];

export const ARCH_IDS: readonly string[] = ZOO.map((arch) => arch.id);

/** A named architecture, optionally changed. Throws `BadInput` for an unknown name or impossible sizes. */
export function namedArch(id: string, overrides: DesignChoices = {}): ArchSpec {
  const found = ZOO.find((arch) => arch.id === id);
  if (!found) throw new BadInput(`There is no architecture "${id}". Choose one of: ${ARCH_IDS.join(', ')}.`);
  const parsed = archSchema.safeParse({
    ...found,
    group: overrides.group ?? found.group,
    input: {
      size: overrides.size ?? found.input.size,
      channels: overrides.channels ?? found.input.channels,
      ...(overrides.bands && { bands: overrides.bands }),
    },
    head: {
      kind: overrides.head ?? found.head.kind,
      hidden: overrides.hidden ?? found.head.hidden,
      dropout: overrides.dropout ?? found.head.dropout,
    },
    classes: overrides.classes ?? found.classes,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new BadInput(`Architecture "${id}" cannot have that ${issue.path.join('.')}: ${issue.message}.`);
  }
  return parsed.data;
}
