/** What a lesson looks at, as a hook on the stores; null until networks are open. */
import { useSyncExternalStore } from 'react';
import type { Seen } from '../../state/learn/lessons/lesson';
import { followSeen, seenHere } from '../../state/learn/seenHere';

export const useSeen = (): Seen | null => useSyncExternalStore(followSeen, seenHere);
