/**
 * Lets the event loop turn between two steps of long work, so that messages (pause, cancel) get through.
 * A message channel, not requestAnimationFrame (which stops in hidden tabs) nor timers (which are throttled).
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
