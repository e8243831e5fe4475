/** What stands over the lines of a `Plot`, at places of its axes. */
import type { ReactNode } from 'react';
import { DefaultZIndexes, usePlotArea, ZIndexLayer } from 'recharts';
import { type Axis, placeOn } from '../../charts/axis';

interface At {
  /** The plot's axes. */
  readonly axes: { readonly x: Axis; readonly y: Axis };
  readonly x: number;
  readonly y: number;
}

/** The place in pixels; null before the plot was measured. */
function usePlace({ axes, x, y }: At): { left: number; top: number } | null {
  const area = usePlotArea();
  if (!area) return null;
  return {
    left: area.x + area.width * placeOn(axes.x, x),
    top: area.y + area.height * (1 - placeOn(axes.y, y)),
  };
}

/** Anything drawn around (0, 0), moved to its place. */
export function Placed({ children, ...at }: At & { children: ReactNode }) {
  const place = usePlace(at);
  if (!place) return null;
  return (
    <ZIndexLayer zIndex={DefaultZIndexes.activeDot}>
      <g transform={`translate(${place.left} ${place.top})`}>{children}</g>
    </ZIndexLayer>
  );
}

/** A ring around a point. */
export function Ring({
  colour = 'var(--ink)',
  radius = 6.5,
  ...at
}: At & { colour?: string; radius?: number }) {
  return (
    <Placed {...at}>
      <circle r={radius} fill="none" stroke={colour} strokeWidth={2} />
    </Placed>
  );
}

interface NoteProps extends At {
  readonly text: string;
  readonly colour?: string;
  /** On which side of its place it stands; without: on the one with more room, above where there is room. */
  readonly side?: 'left' | 'right';
  /** Pixels from its place: away to the side, and down. */
  readonly away?: readonly [side: number, down: number];
  readonly testId?: string;
}

/** Words beside a place, readable over lines. */
export function Note({ text, colour = 'var(--ink)', side, away, testId, ...at }: NoteProps) {
  const isLeft = side ? side === 'left' : placeOn(at.axes.x, at.x) > 0.5;
  const isHigh = placeOn(at.axes.y, at.y) > 0.8;
  const [aside, down] = away ?? [10, isHigh ? 20 : -12];
  return (
    <Placed {...at}>
      <text
        x={isLeft ? -aside : aside}
        y={down}
        textAnchor={isLeft ? 'end' : 'start'}
        fontSize="0.75rem"
        fill={colour}
        stroke="var(--surface)"
        strokeWidth="4"
        strokeLinejoin="round"
        paintOrder="stroke"
        data-testid={testId}
      >
        {text}
      </text>
    </Placed>
  );
}
