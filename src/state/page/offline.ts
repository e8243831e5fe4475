/** Whether this browser keeps the page for use without a network, and whether a newer version of it is there. */
import { create } from 'zustand';

export const useOffline = create<{ readonly isKept: boolean; readonly isOutdated: boolean }>()(() => ({
  isKept: false,
  isOutdated: false,
}));
