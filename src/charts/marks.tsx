/** Marks of charts, told apart by their shapes and by filled or hollow, never by colour alone. */

/** Outlines in a square from −7 to 7, around its middle. */
const OUTLINES = {
  circle: 'M-5 0a5 5 0 1 1 10 0a5 5 0 1 1-10 0z',
  square: 'M-4.5-4.5h9v9h-9z',
  triangle: 'M0-6 5.5 4.5h-11z',
  diamond: 'M0-6.2 5.4 0 0 6.2-5.4 0z',
  fall: 'M0 6 5.5-4.5h-11z',
  plus: 'M-2-5.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5v-4h3.5z',
  star: 'M0-6.5 1.6-2.2 6.2-2 2.6.8 3.8 5.3 0 2.7-3.8 5.3-2.6.8-6.2-2-1.6-2.2z',
  cross: 'M-5.5-3.5-3.5-5.5 0-2 3.5-5.5 5.5-3.5 2 0 5.5 3.5 3.5 5.5 0 2-3.5 5.5-5.5 3.5-2 0z',
  bar: 'M-1.5-9h3v18h-3z',
} as const;

export type Shape = keyof typeof OUTLINES;

export interface MarkLook {
  readonly shape: Shape;
  /** A CSS colour. */
  readonly colour: string;
  readonly hollow?: boolean;
  /** 1: some ten pixels across. */
  readonly size?: number;
}

interface Props {
  readonly look: MarkLook;
  readonly x?: number;
  readonly y?: number;
  /** Shown when pointed at. */
  readonly title?: string;
}

/** A mark around (x, y). Marks that lie over one another are parted by an edge in the colour of the ground. */
export function Mark({ look: { shape, colour, hollow = false, size = 1 }, x = 0, y = 0, title }: Props) {
  return (
    <path
      d={OUTLINES[shape]}
      transform={`translate(${x} ${y})${size === 1 ? '' : ` scale(${size})`}`}
      fill={hollow ? 'var(--surface)' : colour}
      stroke={hollow ? colour : 'var(--surface)'}
      strokeWidth={(hollow ? 1.6 : 2) / size}
      strokeLinejoin="round"
      paintOrder={hollow ? undefined : 'stroke'}
    >
      {title && <title>{title}</title>}
    </path>
  );
}

/** A mark by itself, for legends and tables. */
export function MarkKey({ looks }: { looks: readonly MarkLook[] }) {
  return (
    <svg viewBox="-8 -8 16 16" width="17" height="17" aria-hidden="true" style={{ flex: 'none' }}>
      {looks.map((look) => (
        <Mark key={look.shape} look={look} />
      ))}
    </svg>
  );
}
