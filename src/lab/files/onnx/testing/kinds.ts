/** Small networks of every kind that can be written down, whole and pruned. */
import type { AnyModel } from '../../../nn/model';
import { extractUnits } from '../../../prune/blocks/extract';
import { extractFields } from '../../../prune/fields/extract';
import { extract } from '../../../prune/neurons/extract';
import { pruneOrbitsOf } from '../../../prune/orbits/prune';
import { shakenModel, TINY_IMPORTED, TINY_MOBILE, tinyModel, tinyVit } from '../../../testing/tiny';

/** One of each kind, whole and pruned. */
export function kinds(): Record<string, AnyModel> {
  const field = { group: 'D4', head: 'orbit' } as const;
  const d4 = tinyModel({ ...field, filters: 'steerable', kernel: 5 });
  return {
    'flat head': tinyModel({ head: 'flat' }),
    'orbit head, D4': d4,
    'pooled head, C2': tinyModel({ group: 'C2', head: 'pooled' }),
    'averaged head': tinyModel({ head: 'averaged' }),
    'no group': tinyModel({ group: 'C1', head: 'flat' }),
    'neurons pruned': extract(d4, Uint32Array.of(0, 3, 4)),
    'fields pruned': extractFields(tinyModel(field), [Uint32Array.of(1), Uint32Array.of(0, 2)]),
    'orbits pruned': pruneOrbitsOf(tinyModel({ ...field, kernel: 5 }), { ratio: 0.5, method: 'l2', seed: 1 })
      .model,
    comparator: shakenModel(TINY_MOBILE),
    'from elsewhere': shakenModel(TINY_IMPORTED),
    'plain transformer': shakenModel(tinyVit('C1')),
    'transformer, D4': shakenModel(tinyVit('D4')),
    'transformer, averaged': shakenModel({ ...tinyVit('C4'), pooling: 'mean' as const }),
    'heads pruned': extractUnits(shakenModel(tinyVit('C4')), 'heads', [Uint32Array.of(1), Uint32Array.of(0)]),
  };
}

/** Whether its answers stay when a picture turns by quarters. */
export const turns = ({ arch }: Pick<AnyModel, 'arch'>): boolean =>
  arch.group !== 'C1' && arch.group !== 'C2' && (arch as { head?: { kind: string } }).head?.kind !== 'flat';
