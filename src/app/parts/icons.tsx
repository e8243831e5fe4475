/** The few icons of the page, drawn here. Decorative: whoever uses one labels the control. */

/** A nucleus and the four positions of an orbit under quarter turns. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="34" height="34" aria-hidden="true" style={{ flexShrink: 0 }}>
      <circle cx="16" cy="16" r="11" fill="none" stroke="var(--line)" strokeWidth="2" />
      <circle cx="16" cy="16" r="4" fill="var(--accent)" />
      {[0, 90, 180, 270].map((turn) => (
        <circle
          key={turn}
          cx="27"
          cy="16"
          r="3"
          fill={turn === 0 ? 'var(--accent)' : 'var(--surface)'}
          stroke="var(--accent)"
          strokeWidth="2"
          transform={`rotate(${-turn - 30} 16 16)`}
        />
      ))}
    </svg>
  );
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

export function SunIcon() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {...line}>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4" />
    </svg>
  );
}

export function MoonIcon() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {...line}>
      <path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z" />
    </svg>
  );
}

export function MoreIcon() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {...line}>
      <path d="M4 7h10M18 7h2M4 17h2M10 17h10" />
      <circle cx="16" cy="7" r="2" />
      <circle cx="8" cy="17" r="2" />
    </svg>
  );
}

export function UndoIcon() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {...line}>
      <path d="M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 0 12h-3" />
    </svg>
  );
}

export function RedoIcon() {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {...line}>
      <path d="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3" />
    </svg>
  );
}
