/** The cells of a study as tables to read: the same for Markdown and for the page. */
import { formatSpread, points, share, times, whole } from './format';
import type { Figure, Measured, ReportCell, ReportSection } from './report';

export interface CellTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const METHOD_WORDS: Readonly<Record<string, string>> = {
  l2: 'L2',
  l1: 'L1',
  variance: 'variance',
  taylor: 'Taylor',
  'geometric-median': 'geometric median',
  random: 'random',
};

const TUNING_WORDS = {
  none: 'at once',
  head: 'head fine-tuned',
  network: 'whole network fine-tuned',
} as const;

/** How much went: `50 %`, or the ring. */
export const amountOf = ({ ratio }: Pick<ReportCell, 'ratio'>): string =>
  ratio === null ? 'the outer ring' : `${Math.round(1000 * ratio) / 10}\u00a0%`;

/** The way to prune, without the amount: `variance, mean`. */
function wayOf({
  method,
  compensation,
  ranking,
}: Pick<ReportCell, 'method' | 'compensation' | 'ranking'>): string {
  const parts = [method === null ? 'outer ring' : (METHOD_WORDS[method] ?? method)];
  const own = ranking === 'block' ? ['per block'] : [];
  return [...parts, ...(compensation === null ? [] : [compensation]), ...own].join(', ');
}

/** `fields by variance, compensation mean, 50 % removed, head fine-tuned`. */
export function cellInWords(cell: ReportCell): string {
  const { units, method, compensation, tuning } = cell;
  const by = method === null ? '' : ` by ${METHOD_WORDS[method] ?? method}`;
  const how = compensation === null ? '' : `, compensation ${compensation}`;
  return `${units}${by}${how}, ${amountOf(cell)} removed, ${TUNING_WORDS[tuning]}`;
}

/** Tables of a section's cells: accuracies for each tuning, then what the sizes cost, then the counter-example. */
export function cellTables({ cells = [], rows, baseline }: ReportSection): CellTable[] {
  const unpruned = rows.find(({ id }) => id === baseline)!.lab;
  const pruned = cells.filter(({ units }) => units !== 'channels');
  const broken = cells.filter(({ units }) => units === 'channels');
  return [
    ...unitsIn(pruned).flatMap((units) => {
      const own = pruned.filter((cell) => cell.units === units);
      return [
        ...(['none', 'head', 'network'] as const).flatMap((tuning) => accuracyTable(own, tuning)),
        costTable(own, unpruned),
      ];
    }),
    ...(broken.length > 0 ? [brokenTable(broken)] : []),
  ];
}

const unitsIn = (cells: readonly ReportCell[]) => [...new Set(cells.map(({ units }) => units))];

const UNIT_WORDS = {
  neurons: 'Hidden neurons',
  fields: 'Fields',
  orbits: 'Spatial orbits',
  channels: 'Single channels',
  mlp: 'Hidden neurons of the MLPs',
  heads: 'Heads of attention',
} as const;

/** Test accuracy by way and amount, with the share of the unpruned network's. */
function accuracyTable(cells: readonly ReportCell[], tuning: ReportCell['tuning']): CellTable[] {
  const own = cells.filter((cell) => cell.tuning === tuning);
  if (own.length === 0) return [];
  const amounts = [...new Set(own.map(amountOf))];
  const ways = [...new Set(own.filter(({ ratio }) => ratio !== null).map(wayOf))];
  const ring = own.find(({ ratio }) => ratio === null);
  const lines = ways.map((way) => [
    way,
    ...amounts.map((amount) =>
      cellText(own.find((cell) => wayOf(cell) === way && amountOf(cell) === amount)),
    ),
  ]);
  // The ring is an amount of its own, by no method.
  if (ring)
    lines.push([
      'outer ring',
      ...amounts.map((amount) => cellText(amount === amountOf(ring) ? ring : undefined)),
    ]);
  return [
    {
      title: `${UNIT_WORDS[own[0].units]}, ${TUNING_WORDS[tuning]}: test accuracy in % (and the share of the unpruned network’s)`,
      head: ['removed', ...amounts],
      rows: lines,
    },
  ];
}

function cellText(cell: ReportCell | undefined): string {
  if (!cell) return '–';
  const { lab, retained, tuned } = cell;
  const skipped = tuned === null || tuned > 0 ? '' : ' *';
  return `${formatSpread(lab.accuracy)} (${points(retained.mean)})${skipped}`;
}

/** What each amount leaves, of one way to prune: the others leave as much. */
function costTable(cells: readonly ReportCell[], unpruned: Measured): CellTable {
  const sizes = new Map(cells.filter(({ speed }) => speed !== null).map((cell) => [sizeKey(cell), cell]));
  const first = [...sizes.values()][0];
  const less = (now: number, before: number) => `−${share(1 - now / before)}`;
  return {
    title: `${UNIT_WORDS[cells[0].units]}: what is left, and its time on one WebAssembly thread`,
    head: [
      'removed',
      'parameters',
      'fewer',
      cells[0].units === 'mlp' || cells[0].units === 'heads'
        ? 'fewer in the blocks'
        : 'fewer in convolutions',
      'multiply-adds',
      'fewer multiply-adds',
      'tiles per second',
      'as fast as unpruned',
    ],
    rows: [
      [
        'nothing',
        whole(unpruned.params),
        '–',
        '–',
        whole(unpruned.macs),
        '–',
        rate(first.speed!.before),
        '–',
      ],
      ...[...sizes.values()].map((cell) => [
        sizeInWords(cell),
        whole(cell.lab.params),
        less(cell.lab.params, unpruned.params),
        less(cell.convParams!.after, cell.convParams!.before),
        whole(cell.lab.macs),
        less(cell.lab.macs, unpruned.macs),
        rate(cell.speed!.after),
        timesSpread(cell.speed!.ratio),
      ]),
    ],
  };
}

function sizeInWords(cell: ReportCell): string {
  if (cell.units === 'orbits' && cell.method !== null) return `${amountOf(cell)} by ${wayOf(cell)}`;
  return cell.ranking === 'block' ? `${amountOf(cell)}, per block` : amountOf(cell);
}

/** Cells with the same key have the same design: orbits may differ in which kernel they leave. */
const sizeKey = (cell: ReportCell) =>
  [
    ...[amountOf(cell), cell.units === 'orbits' ? cell.method : '', cell.ranking === 'block'],
    ...[cell.lab.params, cell.lab.macs],
  ].join();

const rate = ({ mean }: Figure) => whole(Math.round(mean));

const timesSpread = ({ mean, sd }: Figure) =>
  sd === null ? times(mean) : `${times(mean)} ± ${sd.toFixed(2)}`;

function brokenTable(cells: readonly ReportCell[]): CellTable {
  return {
    title: 'The counter-example: single channels of one layer silenced, as if there were no symmetry',
    head: [
      'removed',
      'fields split',
      'test accuracy',
      'over the four turns',
      'same answer at all turns',
      'equivariance error of the logits',
    ],
    rows: cells.map((cell) => [
      `${amountOf(cell)} by ${wayOf(cell)}`,
      cell.brokenFields!.values.join(', '),
      formatSpread(cell.lab.accuracy),
      formatSpread(cell.lab.rotated),
      share(cell.lab.agreement.mean),
      cell.lab.error.toExponential(1),
    ]),
  };
}
