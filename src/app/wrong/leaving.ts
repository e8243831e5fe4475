/** Buttons that are gone when they were pressed leave the keyboard's focus to the card. */

/** Of the card. */
export const TITLE = 'wrong-title';

export function leaving(press: () => void): void {
  press();
  document.getElementById(TITLE)?.focus({ preventScroll: true });
}
