/**
 * The service worker: keeps every file of the build, so that from the second load on the page opens, computes and
 * teaches without a network. Scripts and wasm carry a hash in their names: they come from what is kept. Everything else
 * (the page itself, the networks) is asked of the network first, so that nobody who is online is shown an old build. A
 * new version waits until the pages of the old one are closed: their scripts stay with them.
 */
import { getCacheKeyForURL, matchPrecache, type PrecacheEntry, precache } from 'workbox-precaching';

/** Every file of the build, by its address relative to this script; filled in by the build. */
declare const __FILES__: readonly PrecacheEntry[];

/** What TypeScript's library for pages does not know of a service worker. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'activate' | 'fetch', listener: (event: ScopeEvent) => void): void;
}
interface ScopeEvent {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}
const scope = self as unknown as Scope;

/** How long the network may take to begin its answer where there is one at hand, in milliseconds. */
const PATIENCE = 3000;

const here = new URL('./', location.href).href;
const hashed = new Set(
  __FILES__.filter(({ revision }) => revision === null).map(({ url }) => new URL(url, here).href),
);

precache([...__FILES__]);

// The page that was there first is served from now on too: it has the same version. Nothing waits for that: Firefox asks
// all workers of the page first, and one that computes answers late.
scope.addEventListener('activate', () => void scope.clients.claim());

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*$/, '');
  const file = address === here ? `${here}index.html` : address;
  // Other files of this host, and of others, are none of our business.
  if (request.method !== 'GET' || !getCacheKeyForURL(file)) return;
  event.respondWith(hashed.has(file) ? keptFirst(file, request) : networkFirst(file, request));
});

async function keptFirst(file: string, request: Request): Promise<Response> {
  return isolated((await matchPrecache(file)) ?? (await fetch(request)));
}

/**
 * The same with the headers by which threads may share memory, which static hosts do not send: the page is isolated from
 * other origins. It takes effect when the page is loaded the next time.
 */
function isolated(response: Response): Response {
  // Redirections, and answers without a body, are passed on as they are.
  if (response.type === 'opaqueredirect' || response.status === 0 || response.status === 304) return response;
  // So are those of a host that sends the headers itself.
  if (response.headers.has('Cross-Origin-Embedder-Policy')) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function networkFirst(file: string, request: Request): Promise<Response> {
  const answer = fetch(request);
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  const response = await Promise.race([answer.catch(() => null), late]);
  // A redirection is the browser's to follow.
  if (response?.ok || response?.type === 'opaqueredirect') return isolated(response);
  return isolated((await matchPrecache(file)) ?? response ?? (await answer));
}
