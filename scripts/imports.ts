/** What files import of each other, read from their text. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'vite';

/**
 * How a file is imported: `value` runs it, at once or when it is needed; `type` vanishes when built; `address` only names
 * it, as a worker's script is named.
 */
export type Kind = 'value' | 'type' | 'address';

export interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: Kind;
}

/** Paths are relative to a root, with `/`. */
export interface Sources {
  readonly files: readonly string[];
  /** Of files by files. */
  readonly imports: readonly Import[];
  /** Of packages: `to` is the package's name and what follows it. */
  readonly packaged: readonly Import[];
}

/** Reads the TypeScript below the folders of a root, and the files that lie in the root itself. */
export function readSources(root: string, folders: readonly string[]): Sources {
  const below = folders.flatMap((folder) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          path.posix.join(folder, file.replaceAll(path.sep, '/')),
        )
      : [],
  );
  const files = [...readdirSync(root), ...below]
    .filter((file) => /\.(tsx?|m[jt]s)$/.test(file) && !file.endsWith('.d.ts') && !file.endsWith('.d.mts'))
    .sort();
  const imports: Import[] = [];
  const packaged: Import[] = [];
  for (const from of files) {
    for (const [specifier, kind] of specifiersIn(from, readFileSync(path.join(root, from), 'utf8'))) {
      if (!specifier.startsWith('.')) packaged.push({ from, to: specifier, kind });
      else {
        const base = path.posix.join(path.posix.dirname(from), specifier.replace(/\?.*$/, ''));
        const to = fileAt(root, base);
        // `?worker&url` is a worker's script by its address.
        if (to) imports.push({ from, to, kind: /[?&]url\b/.test(specifier) ? 'address' : kind });
      }
    }
  }
  return { files, imports, packaged };
}

/** Every name under which a text imports something, however it is written. */
export function specifiersIn(file: string, text: string): [string, Kind][] {
  const { program, module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0].message}`);
  const found: [string, Kind][] = [];
  const kindAt = (start: number): Kind =>
    /^(import|export)\s+type\b/.test(text.slice(start)) ? 'type' : 'value';
  for (const { moduleRequest, start } of module.staticImports)
    found.push([moduleRequest.value, kindAt(start)]);
  for (const { entries, start } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (request) found.push([request.value, kindAt(start)]);
  }
  new Visitor({
    ImportExpression({ source }) {
      if (source.type === 'Literal') found.push([String(source.value), 'value']);
    },
    TSImportType({ source }) {
      found.push([source.value, 'type']);
    },
    NewExpression({ callee, arguments: [first] }) {
      const isAddress = callee.type === 'Identifier' && callee.name === 'URL';
      if (isAddress && first?.type === 'Literal') found.push([String(first.value), 'address']);
    },
  }).visit(program);
  return found;
}

function fileAt(root: string, base: string): string | undefined {
  return ['', '.ts', '.tsx', '/index.ts', '/index.tsx']
    .map((ending) => base + ending)
    .find((file) => existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile());
}

/** Every circle of files that import each other, whatever the kind; the shortest way round from its first file. */
export function circlesOf({ imports }: Sources): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const circles = new Set<string>();
  for (const start of [...next.keys()].sort()) {
    const way = wayBack(start, next);
    // Told once, by the file whose name comes first.
    if (way && [...way].sort()[0] === start) circles.add([...way, start].join(' → '));
  }
  return [...circles];
}

/** The shortest way from a file over its imports back to it, without its end. */
function wayBack(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const to of next.get(way[way.length - 1]) ?? []) {
      if (to === start) return way;
      if (!seen.has(to)) ways.push([...way, to]);
      seen.add(to);
    }
  }
  return undefined;
}

/** Everything that is loaded, sooner or later, where `entry` is: file → the file that imports it. */
export function reachedFrom(entry: string, { imports }: Sources): ReadonlyMap<string, string | null> {
  const reached = new Map<string, string | null>([[entry, null]]);
  for (const file of reached.keys())
    for (const { from, to, kind } of imports)
      if (from === file && kind === 'value' && !reached.has(to)) reached.set(to, file);
  return reached;
}
