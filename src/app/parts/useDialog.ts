import { useEffect, useState } from 'react';

/**
 * Whether a dialog is to be shown that was loaded when it was first asked for: it opens after it is there, for only then does
 * it know where the focus was, and gives it back. Who goes back or forward leaves it: it is about what was on the page.
 */
export function useDialog(isOpen: boolean, onClose: () => void): boolean {
  const [isOut, setOut] = useState(false);
  useEffect(() => setOut(isOpen), [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    addEventListener('popstate', onClose);
    return () => removeEventListener('popstate', onClose);
  }, [isOpen, onClose]);
  return isOut;
}
