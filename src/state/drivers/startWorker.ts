/**
 * Starts a worker under the page's policy. A worker has that of its own file, and a static host sends none with it: so it
 * begins as one line of the page's own, which has the page's, and which fetches the file. What the service worker hands
 * out carries the policy itself.
 */

/** Address of a file → that of its line. */
const lines = new Map<string, string>();

export function startWorker(file: string): Worker {
  const address = navigator.serviceWorker?.controller ? file : lineFor(file);
  return new Worker(address, { type: 'module' });
}

function lineFor(file: string): string {
  const known = lines.get(file);
  if (known) return known;
  const text = `import ${JSON.stringify(new URL(file, location.href).href)};`;
  const made = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  lines.set(file, made);
  return made;
}
