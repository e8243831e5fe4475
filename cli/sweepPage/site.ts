/** The built lab as it is handed out beside statuses: every file of its folder, by its address, and nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';

export interface Site {
  /** The content of what lies at an address (`/`, `/assets/x.js`); undefined for whatever is no file of the page. */
  read(address: string): Promise<{ readonly content: Buffer | string; readonly type: string } | undefined>;
  readonly headers: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Tells the page that statuses lie beside it. */
const TOLD = '<meta name="orbit-lab-sweep" content="sweep.json" />';

/** A page that stays with this server: it is worth nothing without it, so no browser keeps it for later. */
const LEFT_OUT = 'sw.js';

/** The page built in a folder. Throws `BadInput` where there is none. */
export async function siteIn(folder: string): Promise<Site> {
  const index = await readFile(path.join(folder, 'index.html'), 'utf8').catch(() => null);
  if (index === null)
    throw new BadInput(`The page is not built yet: "npm run build" builds it, and "npm start" does so too.`);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map(
    found
      .filter((entry) => entry.isFile() && entry.name !== LEFT_OUT)
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .map((file) => [`/${path.relative(folder, file).split(path.sep).join('/')}`, file]),
  );
  const page = index.replace('</head>', `${TOLD}</head>`);
  return {
    async read(address) {
      const name = address === '/' ? '/index.html' : address;
      if (name === '/index.html') return { content: page, type: TYPES['.html'] };
      const file = files.get(name);
      if (file === undefined) return undefined;
      const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
      return { content: await readFile(file), type };
    },
    headers: {
      // Threads may share memory (scripts/policy.ts says the same for `npm start`).
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Content-Security-Policy': `${policyIn(index)}; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
    },
  };
}

/** The policy that the page was built with. */
function policyIn(index: string): string {
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(index)?.[1];
  if (policy === undefined)
    throw new BadInput('The built page has no policy: build it anew with "npm run build".');
  return policy;
}
