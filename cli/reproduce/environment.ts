import type { Report } from '../../src/lab/reproduce/report';
import type { Session } from '../sessions';

/** Where a report was made, as its sessions tell. */
export function environmentOf(sessions: readonly Session[]): Report['environment'] {
  const all = (key: 'backend' | 'hardware' | 'software') =>
    [...new Set(sessions.map((session) => session[key]))].sort().join('; ') || 'not recorded';
  const loads = sessions.flatMap(({ load }) => load);
  return {
    backend: all('backend'),
    hardware: all('hardware'),
    software: all('software'),
    ...(loads.length > 0 && { load: [Math.min(...loads), Math.max(...loads)] }),
  };
}
