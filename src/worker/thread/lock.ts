/** The Web Lock by which the page sees that its worker has ended. */

/** Holds a lock until the worker ends; `held`: told when it is held. */
export function holdLock(name: string, held: () => void): void {
  // Offered on secure pages only; elsewhere the page hears of errors, but not of silent deaths.
  void navigator.locks?.request(name, () => {
    held();
    return new Promise(() => {});
  });
}
