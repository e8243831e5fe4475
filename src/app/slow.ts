/** What stands on the page where its own scripts do not come: never nothing for ever. */

/** How long they may take before it is said, in milliseconds. */
const LONG = 20_000;

/** `shown`: settles when there is a page, which takes the place of these words; rejects where there will be none. */
export function sayWhereSlow(shown: Promise<unknown>): void {
  const timer = setTimeout(
    () => say('Orbit Lab is still waiting for its scripts, on a slow connection perhaps. '),
    LONG,
  );
  shown
    .catch(() =>
      say('Orbit Lab cannot start: its scripts could not be loaded. Nothing that is kept is lost. '),
    )
    .finally(() => clearTimeout(timer));
}

function say(words: string): void {
  const link = document.createElement('a');
  Object.assign(link, { href: location.href, textContent: 'Load the page again' });
  // The same address with another fragment would load nothing.
  link.addEventListener('click', (event) => {
    event.preventDefault();
    location.reload();
  });
  document.getElementById('root')?.replaceChildren(words, link, '.');
}
