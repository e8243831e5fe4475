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
  /** "Table II, small"; of one with some of its sections alone "Table IV, whole: EuroSAT". */
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

/** Sections that a report may be of alone. */
const PARTS: Readonly<Record<string, string>> = {
  cifar10: 'CIFAR-10',
  eurosat: 'EuroSAT',
  digits: 'Rotated MNIST',
};

export const SHIPPED: readonly Shipped[] = Object.entries(files).map(([path, load]) => {
  const key = path.split('/').at(-2)!;
  const [, table, scale, part] = /^(.+?)-(tiny|page|small|whole|full)(?:-(\w+))?$/.exec(key) ?? [];
  const title = NAMES[table] ? `${NAMES[table]}, ${scale}${part ? `: ${PARTS[part] ?? part}` : ''}` : key;
  const name = path.replace(/^[./]+/, '');
  const read = async (): Promise<AnyReport> => {
    const value = await load();
    return parseTaskReport(value, name) ?? parseReport(value, name);
  };
  return { key, title, read };
});

export const loadFindings = (): Promise<string> =>
  import('../../../docs/what-reproduces.md?raw').then(({ default: text }) => text);
