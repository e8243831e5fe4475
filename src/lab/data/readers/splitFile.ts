/**
 * A list of pictures with the part that each is in: a CSV file among the pictures, with a column for the path, one for the
 * part, and perhaps one for the class, whatever they are called and in any order. Published sets come with such files; or
 * with one list for each part (partLists.ts).
 */

import Papa from 'papaparse';
import { BadInput } from '../../errors';
import type { SplitName } from '../dataset';
import { partCounts, partNamed } from '../parts';
import type { Entry } from './entry';

export interface SplitRow {
  /** As it is written, with `/`. */
  readonly path: string;
  /** null where the file has no such column. */
  readonly label: string | null;
  readonly part: SplitName;
}

export interface SplitFile {
  /** Of the files that say so: one, or one for each part. All lie in one folder. */
  readonly paths: readonly string[];
  readonly rows: readonly SplitRow[];
}

/** Names of columns, in small letters without marks; the first that is there counts. */
const COLUMNS = {
  path: ['path', 'filepath', 'file', 'filename', 'image', 'imagepath', 'imagename', 'picture', 'tile'],
  label: ['classname', 'class', 'label', 'labelname', 'category'],
  part: ['part', 'split', 'set', 'subset', 'partition'],
} as const;

/** More is no list that anyone wrote of pictures. */
export const MOST_BYTES = 64 * 2 ** 20;

/**
 * The list among the files, if there is one: other CSV files are not looked at any further.
 *
 * @param files those that are no pictures.
 * @throws BadInput when there are several, or one names no part or path in some row.
 */
export async function findSplitFile(files: readonly Entry[]): Promise<SplitFile | null> {
  let found: SplitFile | null = null;
  for (const { path, bytes, problem } of files) {
    if (problem !== undefined || !/\.(csv|tsv)$/i.test(path)) continue;
    const rows = rowsOf(await bytes(), path);
    if (!rows) continue;
    if (found) {
      throw new BadInput(
        `${found.paths[0]} and ${path} both say which tile is in which part; leave one out.`,
      );
    }
    found = { paths: [path], rows };
  }
  return found;
}

/** The rows of a list, null where it is none. */
function rowsOf(bytes: Uint8Array, file: string): SplitRow[] | null {
  if (bytes.length > MOST_BYTES) return null;
  const { data } = Papa.parse<string[]>(new TextDecoder().decode(bytes), { skipEmptyLines: 'greedy' });
  const { path, label, part } = columnsOf(data[0] ?? []);
  if (path < 0 || part < 0) return null;
  const lines = data.slice(1);
  // A column may be called so and mean something else.
  if (!lines.some((row) => partNamed(row[part] ?? ''))) return null;
  return lines.map((row, i) => {
    const where = `Line ${i + 2} of ${file}`;
    const named = partNamed(row[part] ?? '');
    if (!named) {
      throw new BadInput(
        `${where} has the part "${row[part] ?? ''}"; a part is train, val or test. Mend the line, or take the file out.`,
      );
    }
    const own = asPath(row[path] ?? '');
    if (own === '') throw new BadInput(`${where} names no picture. Mend the line, or take the file out.`);
    const className = label < 0 ? null : (row[label] ?? '').trim();
    if (className === '') throw new BadInput(`${where} names no class. Mend the line, or take the file out.`);
    return { path: own, label: className?.normalize('NFC') ?? null, part: named };
  });
}

/** Where a table has its columns, by its first line; −1 for one that it has not. */
export function columnsOf(titles: readonly string[]): Record<keyof typeof COLUMNS, number> {
  const header = titles.map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const columnOf = (names: readonly string[]) => {
    const name = names.find((each) => header.includes(each));
    return name === undefined ? -1 : header.indexOf(name);
  };
  return { path: columnOf(COLUMNS.path), label: columnOf(COLUMNS.label), part: columnOf(COLUMNS.part) };
}

/** A path as a list has it, as it is compared. */
export const asPath = (written: string): string =>
  written
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
    .normalize('NFC');

/** The last name of a path, without its ending. */
export const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

/** What a list takes of the pictures. */
export interface Listed<File> {
  /** In their own order. */
  readonly files: readonly File[];
  /** Of each; null where the list does not say. */
  readonly classNames: readonly string[] | null;
  readonly parts: readonly SplitName[];
  /** What to tell, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The pictures of a list. A path in it is one from the top, from the list's own folder, or as much of the end of a path as
 * says which picture is meant, with its ending or without.
 *
 * @param files by their paths.
 * @throws BadInput when a picture in the list is not there, there are several of its name, or it is listed twice.
 */
export function listed<File extends { readonly path: string }>(
  { paths, rows }: SplitFile,
  files: readonly File[],
): Listed<File> {
  const name = paths.join(' and ');
  const lists = paths.length > 1 ? 'list' : 'lists';
  const byStem = new Map<string, number[]>();
  for (const [i, { path }] of files.entries()) {
    const stem = stemOf(path);
    byStem.set(stem, [...(byStem.get(stem) ?? []), i]);
  }
  const above = paths[0].slice(0, paths[0].lastIndexOf('/') + 1).normalize('NFC');
  const rowOf = new Map<number, SplitRow>();
  const missing: string[] = [];
  for (const row of rows) {
    const last = row.path.slice(row.path.lastIndexOf('/') + 1);
    // A name may have points in it and no ending.
    const near = [...new Set([...(byStem.get(stemOf(row.path)) ?? []), ...(byStem.get(last) ?? [])])];
    const whole = near.filter((i) => files[i].path.endsWith(last));
    const spelt = (i: number) => (whole.length > 0 ? files[i].path : files[i].path.replace(/\.[^./]*$/, ''));
    const some = whole.length > 0 ? whole : near.filter((i) => stemOf(files[i].path) === last);
    const exact = some.find((i) => spelt(i) === `${above}${row.path}` || spelt(i) === row.path);
    const alike = some.filter((i) => spelt(i).endsWith(`/${row.path}`));
    if (exact === undefined && alike.length > 1) {
      throw new BadInput(
        `${name} ${lists} ${row.path}, which may be ${files[alike[0]].path} or ${files[alike[1]].path}; write more of the path.`,
      );
    }
    const at = exact ?? alike[0];
    if (at === undefined) missing.push(row.path);
    else if (rowOf.has(at))
      throw new BadInput(`${name} ${lists} ${files[at].path} twice; leave one line out.`);
    else rowOf.set(at, row);
  }
  if (missing.length > 0) {
    const others = missing.length === 1 ? '' : ` (and ${missing.length - 1} more)`;
    throw new BadInput(
      `${name} ${lists} ${missing[0]}${others}, which is not there; put it there, or take ${name} out to have the tiles split otherwise.`,
    );
  }
  const chosen = [...rowOf.keys()].sort((a, b) => a - b);
  const labels = chosen.map((i) => rowOf.get(i)!.label);
  const parts = chosen.map((i) => rowOf.get(i)!.part);
  const left = files.length - chosen.length;
  const notes = [
    `${name} ${paths.length > 1 ? 'say' : 'says'} which tile is in which part${labels[0] === null ? '' : ', and its class'}: ${partCounts(parts)}.`,
    ...(left === 0 ? [] : [`${left} of ${files.length} pictures are not in ${name} and were left out.`]),
  ];
  return {
    files: chosen.map((i) => files[i]),
    classNames: labels.every((label) => label !== null) ? labels : null,
    parts,
    notes,
  };
}
