/**
 * The page shows nothing in a frame of another site, where a click may be meant for something else. Hosts that send headers
 * see to that before it loads; on others it does so itself.
 */

export function isFramedElsewhere(): boolean {
  try {
    return window.top !== window && window.top?.location.origin !== location.origin;
  } catch {
    // Not even its address may be read: it is another's.
    return true;
  }
}

export function sayWhereItIs(): void {
  const link = document.createElement('a');
  Object.assign(link, {
    href: location.href,
    target: '_blank',
    rel: 'noopener',
    textContent: 'Open it by itself',
  });
  document
    .getElementById('root')!
    .replaceChildren('Orbit Lab does not run inside the page of another site. ', link, '.');
}
