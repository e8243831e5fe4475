/** Measured prunings for tests. */
import { namedArch } from '../../lab/families/gcnn/zoo';
import type { TrunkFigures } from '../../lab/prune/trunk/trunk';
import type { TrunkPoint } from '../rows';

export function figures(changes: Partial<TrunkFigures> = {}): TrunkFigures {
  return {
    n: 200,
    turned: [0.9, 0.9, 0.9, 0.9],
    agreement: 1,
    changed: 0,
    undecided: 0,
    errors: [
      { layer: 'block1', max: 2e-7 },
      { layer: 'logits', max: 3e-7 },
    ],
    params: 1000,
    macs: 50_000,
    bytes: 4000,
    exported: 16_000,
    ...changes,
  };
}

export function point(
  after: Partial<TrunkFigures> = {},
  changes: Partial<Omit<TrunkPoint, 'network' | 'result'>> & {
    readonly network?: Partial<TrunkPoint['network']>;
    readonly result?: Partial<TrunkPoint['result']>;
  } = {},
): TrunkPoint {
  const choice = {
    units: 'fields',
    method: 'l2',
    compensation: 'none',
    target: { ratio: 0.5 },
    seed: 1,
  } as const;
  const network = { title: 'C4', fingerprint: 'a', family: 'one', seed: 1, ...changes.network };
  const result = {
    arch: namedArch('tiny'),
    gone: null,
    before: figures(),
    after: figures(after),
    latency: { before: 2e-3, after: 1e-3 },
    naive: null,
    ...changes.result,
  };
  return { id: 'p', choice, tuning: null, key: 'k', engine: '', created: 0, ...changes, network, result };
}
