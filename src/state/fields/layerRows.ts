/** What each layer of a network costs before and after pruning; its norm is counted with its convolution. */
import { layerCosts, totalCost } from '../../lab/evaluate/cost';
import type { ArchSpec } from '../../lab/families/gcnn/arch';

/** Before, after. */
type Pair = readonly [number, number];

export interface LayerRow {
  readonly name: string;
  /** null for dense layers. */
  readonly fields: Pair | null;
  /** Side of the executed kernel. */
  readonly kernel: Pair | null;
  readonly params: Pair;
  readonly macs: Pair;
}

export function layerRows(before: ArchSpec, after: ArchSpec): { layers: LayerRow[]; total: LayerRow } {
  const [was, is] = [before, after].map(costsByLayer);
  const layers = [...was].map(([name, cost]): LayerRow => {
    const block = Number(name.match(/^Layer (\d+)$/)?.[1] ?? 0);
    const pair = (of: 'fields' | 'kernel'): Pair | null =>
      block > 0 ? [before.blocks[block - 1][of], after.blocks[block - 1][of]] : null;
    const other = is.get(name)!;
    return {
      name,
      fields: pair('fields'),
      kernel: pair('kernel'),
      params: [cost.params, other.params],
      macs: [cost.macs, other.macs],
    };
  });
  const [all, left] = [totalCost(before), totalCost(after)];
  const fields = (arch: ArchSpec) => arch.blocks.reduce((sum, block) => sum + block.fields, 0);
  const total: LayerRow = {
    name: 'In all',
    fields: [fields(before), fields(after)],
    kernel: null,
    params: [all.params, left.params],
    macs: [all.macs, left.macs],
  };
  return { layers, total };
}

const NAMES: Readonly<Record<string, string>> = { dense1: 'Head, hidden', dense2: 'Head, output' };

function costsByLayer(arch: ArchSpec): Map<string, { params: number; macs: number }> {
  const costs = new Map<string, { params: number; macs: number }>();
  for (const { name, params, macs } of layerCosts(arch)) {
    const layer = NAMES[name] ?? `Layer ${name.match(/\d+$/)![0]}`;
    const sum = costs.get(layer) ?? { params: 0, macs: 0 };
    costs.set(layer, { params: sum.params + params, macs: sum.macs + macs });
  }
  return costs;
}
