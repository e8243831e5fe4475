/** What comes with the page: the findings, and the reports that were committed; each is loaded when it is read. */
import { parseReport } from '../../lab/reproduce/open';
import { parseTaskReport } from '../../lab/tasks/report';
import type { AnyReport } from '../../state/paper/paper';

const files = import.meta.glob(
  ['../../../docs/reports/*/report.json', '../../../docs/reports/tasks/*/report.json'],
  { import: 'default' },
);

export interface Shipped {
  /** The name of its folder: `table-2-small`. */
  readonly key: string;
  /** What it is of: "Table IV". */
  readonly table: string;
  /** Its scale, and the sections that it is of alone: "whole: EuroSAT". */
  readonly scale: string;
  /** Both. */
  readonly title: string;
  read(): Promise<AnyReport>;
}

const NAMES: Readonly<Record<string, string>> = {
  'table-2': 'Table II',
  'table-4': 'Table IV',
  'table-5': 'Table V',
  vbp: 'Hidden neurons (VBP)',
  'vbp-vit': 'A vision transformer (VBP)',
  trunk: 'Inside the trunk',
  adapt: 'Equivariant fine-tuning',
  fluids: 'Flows',
  detection: 'Detection',
};

const SIZES = ['tiny', 'page', 'small', 'whole', 'full'];
const sizeOf = ({ scale }: Shipped): number => SIZES.findIndex((size) => scale.startsWith(size));
const byScale = (a: Shipped, b: Shipped): number =>
  sizeOf(a) - sizeOf(b) || a.scale.localeCompare(b.scale, 'en');

/** Sections that a report may be of alone. */
const PARTS: Readonly<Record<string, string>> = {
  cifar10: 'CIFAR-10',
  eurosat: 'EuroSAT',
  digits: 'Rotated MNIST',
  folds5: 'EuroSAT by five folds',
};

export const SHIPPED: readonly Shipped[] = Object.entries(files).map(([path, load]) => {
  const key = path.split('/').at(-2)!;
  const [, id, size, part] = /^(.+?)-(tiny|page|small|whole|full)(?:-(\w+))?$/.exec(key) ?? [key, key, ''];
  const table = NAMES[id] ?? id;
  const scale = part ? `${size}: ${PARTS[part] ?? part}` : size;
  const name = path.replace(/^[./]+/, '');
  const read = async (): Promise<AnyReport> => {
    const value = await load();
    return parseTaskReport(value, name) ?? parseReport(value, name);
  };
  return { key, table, scale, title: `${table}, ${scale}`, read };
});

/** By what they are of, in the order of `NAMES`; the smallest scales first. */
export const SHELVES: readonly (readonly [table: string, reports: readonly Shipped[]])[] = Object.values(
  NAMES,
)
  .map((table) => [table, SHIPPED.filter((each) => each.table === table).sort(byScale)] as const)
  .filter(([, reports]) => reports.length > 0);

export const loadFindings = (): Promise<string> =>
  import('../../../docs/what-reproduces.md?raw').then(({ default: text }) => text);
