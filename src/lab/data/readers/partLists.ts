/**
 * Lists of one part each, as published sets come with them: `train.txt` and `test.txt`, `eurosat-val.txt`, a CSV with the
 * pictures of one part. The part is the name in the file's own name. A list is known by its lines, which name pictures that
 * are there: a text that is called so and says something else is none.
 */
import Papa from 'papaparse';
import type { SplitName } from '../dataset';
import { partNamed, SPLIT_NAMES } from '../parts';
import type { Entry } from './entry';
import { asPath, columnsOf, MOST_BYTES, type SplitFile, type SplitRow, stemOf } from './splitFile';

/** The lists, where there are some for at least two parts, one of them to train on; all in one folder, one for each. */
export async function partLists(
  files: readonly Entry[],
  pictures: readonly Entry[],
): Promise<SplitFile | null> {
  const stems = new Set(pictures.map(({ path }) => stemOf(path.normalize('NFC'))));
  const isThere = (path: string) =>
    stems.has(stemOf(path)) || stems.has(path.slice(path.lastIndexOf('/') + 1));
  const folders = new Map<string, Map<SplitName, { path: string; rows: SplitRow[] }>>();
  for (const { path, bytes, problem } of files) {
    const part = partOf(path);
    if (problem !== undefined || !part) continue;
    const rows = rowsOf(await bytes(), part, /\.(csv|tsv)$/i.test(path));
    if (!rows.some((row) => isThere(row.path))) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const lists = folders.get(folder) ?? new Map();
    // Two of one part contradict each other or not: nobody can tell.
    lists.set(part, lists.has(part) ? { path, rows: [] } : { path, rows });
    folders.set(folder, lists);
  }
  const whole = [...folders.values()].filter(
    (lists) =>
      lists.has('train') && lists.size > 1 && [...lists.values()].every(({ rows }) => rows.length > 0),
  );
  if (whole.length !== 1) return null;
  const lists = SPLIT_NAMES.flatMap((part) => whole[0].get(part) ?? []);
  return { paths: lists.map(({ path }) => path), rows: lists.flatMap(({ rows }) => rows) };
}

/** The one part that a file is called by. */
function partOf(path: string): SplitName | undefined {
  if (!/\.(txt|lst|csv|tsv)$/i.test(path)) return undefined;
  const named = new Set(
    stemOf(path)
      .split(/[^a-z]+/i)
      .flatMap((word) => partNamed(word) ?? []),
  );
  return named.size === 1 ? [...named][0] : undefined;
}

function rowsOf(bytes: Uint8Array, part: SplitName, isTable: boolean): SplitRow[] {
  if (bytes.length > MOST_BYTES) return [];
  const text = new TextDecoder().decode(bytes);
  const rowOf = (path: string, label: string | null = null): SplitRow[] => {
    const own = asPath(path);
    return own === '' ? [] : [{ path: own, label: label?.trim().normalize('NFC') || null, part }];
  };
  if (isTable) {
    const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
    const { path, label } = columnsOf(data[0] ?? []);
    // Without titles the first column names the pictures.
    if (path < 0) return data.flatMap((row) => rowOf(row[0] ?? ''));
    return data.slice(1).flatMap((row) => rowOf(row[path] ?? '', label < 0 ? null : (row[label] ?? '')));
  }
  // A number after the path is that of a class, which the folders tell by name.
  return text.split(/\r?\n/).flatMap((line) => rowOf(line.replace(/[\s,;]+\d+\s*$/, '')));
}
