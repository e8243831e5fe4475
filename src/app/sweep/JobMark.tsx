/** The mark of a job, told apart by its shape: a ring that fills while it runs, a tick, a cross. */
import type { ShownState } from '../../lab/sweep/failures';
import type { SweepJob } from '../../lab/sweep/status';

interface Look extends Pick<SweepJob, 'epoch' | 'epochs'> {
  readonly state: ShownState;
}

const RADIUS = 7;
const ROUND = 2 * Math.PI * RADIUS;

const COLOURS: Record<ShownState, string> = {
  waiting: 'var(--quiet)',
  ready: 'var(--ink)',
  running: 'var(--accent)',
  done: 'var(--green)',
  failed: 'var(--vermillion)',
  blocked: 'var(--vermillion)',
  cancelled: 'var(--quiet)',
};

export function JobMark({ state, epoch, epochs }: Look) {
  const colour = COLOURS[state];
  const common = { stroke: colour, strokeWidth: 1.8, fill: 'none', strokeLinecap: 'round' } as const;
  return (
    <svg viewBox="-10 -10 20 20" width="20" height="20" aria-hidden="true" style={{ flex: 'none' }}>
      {state === 'waiting' && <circle r={RADIUS} {...common} strokeDasharray="1.5 4" />}
      {state === 'ready' && <circle r={RADIUS} {...common} />}
      {state === 'running' && (
        <>
          <circle r={RADIUS} {...common} stroke="var(--line)" strokeWidth={4} />
          <circle
            r={RADIUS}
            {...common}
            strokeWidth={4}
            strokeLinecap="butt"
            strokeDasharray={`${shareRun({ state, epoch, epochs }) * ROUND} ${ROUND}`}
            transform="rotate(-90)"
          />
          <circle r="2" fill={colour} />
        </>
      )}
      {state === 'done' && (
        <>
          <circle r={RADIUS + 1} fill={colour} />
          <path d="M-3.6 0.2-1 2.9 3.8-2.6" {...common} stroke="var(--surface)" strokeWidth={2} />
        </>
      )}
      {state === 'failed' && (
        <>
          <rect x="-8" y="-8" width="16" height="16" rx="2" fill={colour} />
          <path d="M-3.5-3.5 3.5 3.5M3.5-3.5-3.5 3.5" {...common} stroke="var(--surface)" strokeWidth={2} />
        </>
      )}
      {state === 'blocked' && (
        <>
          <rect x="-7" y="-7" width="14" height="14" rx="2" {...common} strokeDasharray="2.5 3" />
          <path d="M-2.5-2.5 2.5 2.5M2.5-2.5-2.5 2.5" {...common} />
        </>
      )}
      {state === 'cancelled' && <path d="M-5.5 0h11" {...common} />}
    </svg>
  );
}

/** How much of it is run; a little at least, so that one that has just begun is seen to run. */
const shareRun = ({ epoch = 0, epochs = 0 }: Look): number =>
  Math.max(0.06, epochs > 0 ? Math.min(1, epoch / epochs) : 0);
