/**
 * Lists of one part each, as published sets come with them: `train.txt` and `test.txt`, `eurosat-val.txt`, a CSV with the
 * pictures of one part. The part is the name in the file's own name. A list is known by its lines, which name pictures that
 * are there: a text that is called so and says something else is none.
 */
import Papa from 'papaparse';
import { BadInput } from '../../errors';
import type { SplitName } from '../dataset';
import { partNamed, SPLIT_NAMES } from '../parts';
import type { Entry } from './entry';
import { asPath, columnsOf, MOST_BYTES, type SplitFile, type SplitRow, stemOf } from './splitFile';

interface PartLists {
  /** The lists together, where there are some for at least two parts, one of them to train on; all in one folder. */
  readonly split: SplitFile | null;
  /** What to tell of lists that are not followed. */
  readonly note: string | null;
}

/** @throws BadInput when two files list the same part. */
export async function partLists(files: readonly Entry[], pictures: readonly Entry[]): Promise<PartLists> {
  const lists = await listsAmong(files, pictures);
  for (const [i, { path, part, folder }] of lists.entries()) {
    const other = lists.slice(0, i).find((each) => each.part === part && each.folder === folder);
    if (other) throw new BadInput(`${other.path} and ${path} both list the ${part} part; leave one out.`);
  }
  const folders = [...new Set(lists.map(({ folder }) => folder))];
  const parts = lists.map(({ part }) => part);
  if (lists.length === 0) return { split: null, note: null };
  if (folders.length > 1 || lists.length === 1 || !parts.includes('train')) {
    const names = lists.map(({ path }) => path).join(', ');
    const note = `Not followed: ${names}. Lists count where one folder has one for training and another for testing or validation.`;
    return { split: null, note };
  }
  const sorted = SPLIT_NAMES.flatMap((part) => lists.filter((each) => each.part === part));
  const split = { paths: sorted.map(({ path }) => path), rows: sorted.flatMap(({ rows }) => rows) };
  return { split, note: null };
}

interface PartList {
  readonly path: string;
  readonly folder: string;
  readonly part: SplitName;
  readonly rows: readonly SplitRow[];
}

/** The files that are called by a part and name some of the pictures. */
async function listsAmong(files: readonly Entry[], pictures: readonly Entry[]): Promise<PartList[]> {
  const stems = new Set(pictures.map(({ path }) => stemOf(path.normalize('NFC'))));
  const isThere = ({ path }: SplitRow) =>
    stems.has(stemOf(path)) || stems.has(path.slice(path.lastIndexOf('/') + 1));
  const lists: PartList[] = [];
  for (const { path, bytes, problem } of files) {
    const part = partOf(path);
    if (problem !== undefined || !part) continue;
    const rows = rowsOf(await bytes(), part, /\.(csv|tsv)$/i.test(path));
    if (rows.some(isThere))
      lists.push({ path, folder: path.slice(0, path.lastIndexOf('/') + 1), part, rows });
  }
  return lists;
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
