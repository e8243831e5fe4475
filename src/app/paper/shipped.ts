/** What comes with the page: the findings, and the reports that were committed; each is loaded when it is read. */
import { parseReport } from '../../lab/reproduce/open';
import type { Report } from '../../lab/reproduce/report';

const files = import.meta.glob('../../../docs/reports/*/report.json', { import: 'default' });

export interface Shipped {
  /** The name of its folder: `table-2-small`. */
  readonly key: string;
  /** "Table II, small". */
  readonly title: string;
  read(): Promise<Report>;
}

const NAMES: Readonly<Record<string, string>> = {
  'table-2': 'Table II',
  'table-4': 'Table IV',
  'table-5': 'Table V',
  vbp: 'Hidden neurons (VBP)',
  trunk: 'Inside the trunk',
};

export const SHIPPED: readonly Shipped[] = Object.entries(files).map(([path, load]) => {
  const key = path.split('/').at(-2)!;
  const [, table, scale] = /^(.+)-(\w+)$/.exec(key) ?? [];
  const title = NAMES[table] ? `${NAMES[table]}, ${scale}` : key;
  return { key, title, read: async () => parseReport(await load(), `docs/reports/${key}/report.json`) };
});

export const loadFindings = (): Promise<string> =>
  import('../../../docs/what-reproduces.md?raw').then(({ default: text }) => text);
