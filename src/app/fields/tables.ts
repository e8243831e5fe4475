/** The Fields view's tables as plain values, to be saved: figures in full, shares from 0 to 1. */
import type { ArchSpec } from '../../lab/families/gcnn/arch';
import type { TrunkPlan } from '../../lab/prune/trunk/choice';
import type { TrunkFigures } from '../../lab/prune/trunk/trunk';
import { layerRows } from '../../state/fields/layerRows';
import { costOf, TIMED_COSTS, type Trade } from '../../state/fields/tradeOff';
import { useLab } from '../../state/page/lab';
import type { Cell, Table } from '../../state/page/table';
import { pointWords, worstOf } from '../../state/words/fields';
import { COST_WORDS } from '../../state/words/format';
import type { TrunkPoint } from '../../storage/rows';
import { epochRows } from '../charts/epochRows';

/** Where figures of the network on the bench come from. */
function source(): Record<string, Cell> {
  const { nets, dataset, split, seed } = useLab.getState().opened!;
  return { model: nets.main.title, data: dataset.title, 'split seed': split.seed, seed };
}

export function layersTable(arch: ArchSpec, plan: TrunkPlan | null): Table {
  const { layers, total } = layerRows(arch, plan?.arch ?? arch);
  return {
    name: `layers ${arch.id}`,
    title: 'Layers before and after pruning inside the trunk',
    columns: ['layer', 'fields', 'kernel', 'parameters', 'multiply-adds'].flatMap((name, i) =>
      i === 0 ? [name] : [`${name} before`, `${name} after`],
    ),
    rows: [...layers, total].map(({ name, fields, kernel, params, macs }) => [
      name,
      ...(fields ?? [null, null]),
      ...(kernel ?? [null, null]),
      ...params,
      ...macs,
    ]),
    source: source(),
  };
}

/** A measurement beside the whole network: a row for each. */
export function figuresTable(point: TrunkPoint): Table {
  const { before, after, latency, naive } = point.result;
  const row = (name: string, figures: TrunkFigures, seconds: number | null): Cell[] => [
    name,
    ...figures.turned,
    figures.agreement,
    figures.undecided,
    worstOf(figures.errors),
    figures.params,
    figures.macs,
    figures.bytes,
    figures.exported ?? null,
    seconds,
  ];
  return {
    name: `trunk pruned ${point.choice.units}`,
    title: `Before and after: ${pointWords(point)}`,
    columns: [
      'network',
      ...[0, 90, 180, 270].map((degrees) => `accuracy at ${degrees} degrees (share)`),
      'same answer at all turns (share)',
      'too close to call (tiles)',
      'equivariance error',
      'parameters',
      'multiply-adds',
      'stored here (bytes)',
      'exported (bytes)',
      'time of a tile (s)',
    ],
    rows: [
      row('whole', before, latency?.before ?? null),
      row('pruned', after, latency?.after ?? null),
      ...(naive ? [row('whole fields, same share', naive.fields, null)] : []),
    ],
    source: { ...source(), split: 'validation', n: before.n },
  };
}

/** Every measurement, a row for each network; shares are of the unpruned network measured with it. */
export function tradesTable(trades: readonly Trade[]): Table {
  const points = trades.flatMap((trade) => trade.points);
  return {
    name: 'trunk accuracy against cost',
    title: 'Validation accuracy against cost, pruned inside the trunk',
    columns: [
      'setting',
      'units',
      'network',
      'seed of its training',
      'tiles',
      ...[0, 90, 180, 270].map((degrees) => `accuracy at ${degrees} degrees (share)`),
      'accuracy unpruned (share)',
      'same answer at all turns (share)',
      'too close to call (tiles)',
      'equivariance error',
      'parameters',
      'multiply-adds',
      'stored here (bytes)',
      'exported (bytes)',
      'parameters (share of unpruned)',
      'multiply-adds (share of unpruned)',
      'time (share of unpruned)',
      ...TIMED_COSTS.map((cost) => `${COST_WORDS[cost]} (share of unpruned)`),
      'choice (JSON)',
      'fine-tuning (JSON)',
      'engine',
    ],
    rows: points.map((point) => {
      const { network, choice, tuning, engine } = point;
      const { before, after, latency } = point.result;
      return [
        pointWords(point),
        choice.units,
        network.title,
        network.seed,
        after.n,
        ...after.turned,
        before.turned[0],
        after.agreement,
        after.undecided,
        worstOf(after.errors),
        after.params,
        after.macs,
        after.bytes,
        after.exported ?? null,
        after.params / before.params,
        after.macs / before.macs,
        latency && latency.after / latency.before,
        ...TIMED_COSTS.map((cost) => costOf(point, cost)),
        JSON.stringify(choice),
        tuning && JSON.stringify(tuning),
        engine,
      ];
    }),
    source: { ...source(), split: 'validation' },
  };
}

/** The epochs after the last step of pruning; epoch 0 is the pruned network before them. */
export function tuningTable(point: TrunkPoint): Table {
  const { start, epochs, baseline } = point.result.tuned!;
  return {
    name: 'trunk fine-tuning',
    title: `Validation accuracy by epoch of fine-tuning: ${pointWords(point)}`,
    ...epochRows(start, epochs),
    source: {
      ...source(),
      split: 'validation',
      n: point.result.after.n,
      'accuracy unpruned (share)': baseline,
    },
  };
}
