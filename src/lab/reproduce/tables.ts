/** The tables the lab can make again. */
import { BadInput } from '../errors';
import type { TableDefinition } from './table';
import { table2 } from './table2';
import { table4 } from './table4';
import { table5 } from './table5';

export const KNOWN_TABLES: readonly TableDefinition[] = [table2, table4, table5];

/** The table called `name`. Throws `BadInput` when there is none. */
export function tableNamed(name: string): TableDefinition {
  const found = KNOWN_TABLES.find((table) => table.name === name);
  if (found) return found;
  const known = KNOWN_TABLES.map((table) => table.name).join(', ');
  throw new BadInput(`The lab cannot make "${name}" again. Choose one of: ${known}.`);
}
