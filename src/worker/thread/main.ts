/**
 * The worker's entry. It imports everything as it runs, so that the build puts nothing into it that other scripts import:
 * WebKit evaluates the entry of a worker a second time for these, and two labs would answer the page. What the page says
 * meanwhile waits.
 */
const earlier: MessageEvent[] = [];
self.onmessage = (message) => void earlier.push(message);
import('./begin').then(
  ({ begin }) => begin(earlier),
  // Thrown where the page sees it.
  (error) =>
    setTimeout(() => {
      throw error;
    }),
);
