/**
 * What the built page may do, as browsers enforce it: it runs no script but its own files, evaluates no text, and connects
 * to its own host and to those of the published data sets that it offers to download (`datasets`), and to nobody else. A
 * `meta` tag says so on any host; `npm start` and the service worker say it in headers too, with what only headers can say.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../src/lab/data/fetch/manifest';

const FOLDER = 'datasets';

/** The policy of the page and its workers. hosts: to whom it may connect beside its own. */
export const policyOf = (hosts: readonly string[]): string =>
  [
    "default-src 'none'",
    // The kernels are WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    // A worker begins as a line of the page's own where its file comes without a policy (src/state/drivers/startWorker.ts).
    "worker-src 'self' blob:",
    `connect-src ${["'self'", ...hosts].join(' ')}`,
    // Mantine writes its variables and what depends on the size of the page into style elements.
    "style-src 'self' 'unsafe-inline'",
    // Pictures that are made here: of tiles, of charts to be saved.
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** With these, threads may share memory. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

/** What is said in headers. */
export const headersOf = (policy: string): Readonly<Record<string, string>> => ({
  ...ISOLATED,
  'Content-Security-Policy': `${policy}; frame-ancestors 'self'`,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
});

/** The hosts of all files that the page can download itself, and those that they lead on to. */
export function publishedHosts(root = '.'): string[] {
  const folder = path.join(root, FOLDER);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const files = names.flatMap((name) => {
    const manifest = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Manifest;
    return 'files' in manifest ? manifest.files : [];
  });
  const hosts = files
    .filter(({ crossOrigin }) => crossOrigin)
    .flatMap(({ url, redirects = [] }) => [new URL(url).origin, ...redirects]);
  return [...new Set(hosts)].sort();
}
