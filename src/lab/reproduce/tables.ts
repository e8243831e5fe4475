/** The tables the lab can make again. */
import { BadInput } from '../errors';
import { DATA_NAMES, type TableDefinition } from './table';
import { table2 } from './table2';
import { table4 } from './table4';
import { table5 } from './table5';
import { adaptTable } from './tableAdapt';
import { trunk, vbp } from './tableStudies';
import { vbpVit } from './vbpVit';

export const KNOWN_TABLES: readonly TableDefinition[] = [
  table2,
  table4,
  table5,
  vbp,
  vbpVit,
  trunk,
  adaptTable,
];

/** The table called `name`. Throws `BadInput` when there is none. others: names of what is made again beside the tables. */
export function tableNamed(name: string, others: readonly string[] = []): TableDefinition {
  const found = KNOWN_TABLES.find((table) => table.name === name);
  if (found) return found;
  const known = [...KNOWN_TABLES.map((table) => table.name), ...others].join(', ');
  throw new BadInput(`The lab cannot make "${name}" again. Choose one of: ${known}.`);
}

/** The sections of a table on some of its data sets alone. Throws `BadInput` where none is left. */
export function restrictTable(table: TableDefinition, only: readonly string[]): TableDefinition {
  const runs: TableDefinition['runs'] = (scale) => {
    const kept = table.runs(scale).filter(({ data }) => only.includes(data));
    const begun = new Set(kept.map(({ begins }) => begins?.run));
    const ids = new Set(kept.map(({ id }) => id));
    return table.runs(scale).filter(({ id }) => ids.has(id) || begun.has(id));
  };
  const kept = new Set(runs('small').map(({ id }) => id));
  const sections = table.sections.filter(({ rows }) => rows.every(({ run }) => kept.has(run)));
  const unknown = only.find((name) => !table.runs('small').some(({ data }) => data === name));
  if (unknown !== undefined || sections.length === 0) {
    const known = DATA_NAMES.filter((name) => table.runs('small').some(({ data }) => data === name));
    throw new BadInput(
      `${table.name} has no section on "${unknown ?? only}" alone; it has: ${known.join(', ')}.`,
    );
  }
  return { ...table, runs, sections };
}
