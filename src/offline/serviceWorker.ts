/**
 * The service worker: keeps every file of the build, so that from the second load on the page opens, computes and
 * teaches without a network. Scripts and wasm carry a hash in their names: they come from what is kept. Everything else
 * (the page itself, the networks) is asked of the network first, so that nobody who is online is shown an old build. A
 * new version waits until the pages of the old one are closed: their scripts stay with them.
 */
import { getCacheKeyForURL, matchPrecache, type PrecacheEntry, precache } from 'workbox-precaching';

/** Every file of the build, by its address relative to this script; filled in by the build. */
declare const __FILES__: readonly PrecacheEntry[];

/** Files that are kept when they were asked for once, not before. Their names have a hash. */
declare const __LATER__: readonly string[];

/** Headers that static hosts do not send: threads may share memory, and the page is held to its policy. By the build. */
declare const __HEADERS__: Readonly<Record<string, string>>;

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

const later = new Set(__LATER__.map((url) => new URL(url, here).href));
/** The cache of these. */
const LATER = 'orbit-lab-later';

precache([...__FILES__]);

// The page that was there first is served from now on too: it has the same version. Nothing waits for that: Firefox asks
// all workers of the page first, and one that computes answers late.
scope.addEventListener('activate', () => {
  void scope.clients.claim();
  void forgetOlder();
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*$/, '');
  const file = address === here ? `${here}index.html` : address;
  if (request.method === 'GET' && later.has(file)) return event.respondWith(keptOnceAsked(file, request));
  // Other files of this host, and of others, are none of our business.
  if (request.method !== 'GET' || !getCacheKeyForURL(file)) return;
  event.respondWith(hashed.has(file) ? keptFirst(file, request) : networkFirst(file, request));
});

async function keptFirst(file: string, request: Request): Promise<Response> {
  return guarded((await matchPrecache(file)) ?? (await fetch(request)));
}

async function keptOnceAsked(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(LATER);
  const kept = await cache.match(file);
  if (kept) return guarded(kept);
  const response = await fetch(request);
  // Where there is no room for it, it is asked for again the next time.
  if (response.ok) void cache.put(file, response.clone()).catch(() => {});
  return guarded(response);
}

/** What other versions of the page had asked for. */
async function forgetOlder(): Promise<void> {
  const cache = await caches.open(LATER);
  for (const { url } of await cache.keys()) if (!later.has(url)) await cache.delete(url);
}

/**
 * The same with the headers that its host does not send. They take effect when the page is loaded the next time: it is
 * isolated from other origins, is shown in no other's frame, and its workers have its policy.
 */
function guarded(response: Response): Response {
  // Redirections, and answers without a body, are passed on as they are.
  if (response.type === 'opaqueredirect' || response.status === 0 || response.status === 304) return response;
  const missing = Object.entries(__HEADERS__).filter(([name]) => !response.headers.has(name));
  if (missing.length === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of missing) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function networkFirst(file: string, request: Request): Promise<Response> {
  const answer = fetch(request);
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  const response = await Promise.race([answer.catch(() => null), late]);
  // A redirection is the browser's to follow.
  if (response?.ok || response?.type === 'opaqueredirect') return guarded(response);
  return guarded((await matchPrecache(file)) ?? response ?? (await answer));
}
