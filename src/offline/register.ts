/** Has this browser keep the page, and says so; tells when a newer version of it is there. Loaded when the lab is ready. */

/** A page that stays open asks for a newer version when it is looked at again, at most so often, in milliseconds. */
const PAUSE = 3_600_000;

/** What is said of the page that is kept. */
export interface OfflineNews {
  readonly isKept?: true;
  readonly isOutdated?: true;
}

/** Where the browser cannot (an insecure address, a private window) or would rather not, the page works as ever. */
export async function keepOffline(tell: (news: OfflineNews) => void): Promise<void> {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (!('serviceWorker' in navigator) || connection?.saveData) return;
  // A page that follows a sweep stays with its server.
  if (document.querySelector('meta[name="orbit-lab-sweep"]')) return;
  // Blocked, there is none.
  const registration = await navigator.serviceWorker
    .register(new URL('sw.js', document.baseURI))
    .catch(() => undefined);
  if (!registration) return;
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      // With the first one there is nothing older to replace.
      if (installing.state === 'installed' && registration.active) void compare(tell);
    });
  });
  let asked = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || performance.now() - asked < PAUSE) return;
    asked = performance.now();
    registration.update().catch(() => {});
  });
  const { active } = await navigator.serviceWorker.ready;
  await activated(active!);
  tell({ isKept: true });
}

/** Ready is said of a worker that is still about to take over; the page is kept when it has. */
function activated(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker.state === 'activated') resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

/** Whether the page as it is served now begins with another script than this one did. */
async function compare(tell: (news: OfflineNews) => void): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src.split('/').at(-1);
  const response = await fetch(new URL('index.html', document.baseURI), { cache: 'no-cache' });
  if (own && response.ok && !(await response.text()).includes(own)) tell({ isOutdated: true });
}
