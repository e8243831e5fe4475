/**
 * One row of a dot chart: marks on a horizontal scale, and the scale's numbers. The page and the reports' pictures draw
 * the same rows. Ours and not by Recharts, because that draws nothing without a browser (it measures first; its issue
 * 5997), and the reports are written in Node. All places are in per cent, so nothing needs to be measured here: the
 * row is as wide as what it lies in. Colours are the page's variables, which a picture defines for itself.
 */
import type { SVGProps } from 'react';
import { Mark, type MarkLook } from './marks';

export interface Tick {
  /** Share of the scale, 0 … 1. */
  readonly at: number;
  readonly text: string;
}

export interface PlacedMark extends MarkLook {
  /** Share of the scale, 0 … 1. */
  readonly at: number;
}

interface Props extends Pick<SVGProps<SVGSVGElement>, 'x' | 'y' | 'width' | 'height' | 'className'> {
  readonly ticks: readonly Tick[];
}

interface TrackProps extends Props {
  /** What is drawn last lies on top. */
  readonly marks: readonly PlacedMark[];
  /** The share of the scale from its beginning that is shaded as good. */
  readonly zone?: number | undefined;
  /** A stretch of the scale that is drawn as a line below the marks: an interval. */
  readonly interval?: readonly [number, number] | undefined;
}

export function DotTrack({ ticks, marks, zone, interval, ...frame }: TrackProps) {
  return (
    <svg {...frame} overflow="visible" aria-hidden="true">
      {zone !== undefined && (
        <rect y="12%" width={percent(zone)} height="76%" fill="var(--green)" fillOpacity="0.15" />
      )}
      {ticks.map(({ at }) => (
        <line key={at} x1={percent(at)} x2={percent(at)} y2="100%" stroke="var(--line)" />
      ))}
      {interval && (
        <line
          x1={percent(interval[0])}
          x2={percent(interval[1])}
          y1="50%"
          y2="50%"
          stroke="var(--quiet)"
          strokeWidth="1.5"
        />
      )}
      {marks.map(({ at, ...look }, i) => (
        // biome-ignore lint/a11y/noSvgWithoutTitle: hidden with all that it lies in; it only places the mark.
        <svg key={i} x={percent(at)} y="50%" overflow="visible">
          <Mark look={look} />
        </svg>
      ))}
    </svg>
  );
}

/** The numbers of the scale, under the rows. */
export function DotScale({ ticks, ...frame }: Props) {
  return (
    <svg {...frame} overflow="visible" aria-hidden="true">
      {ticks.map(({ at, text }) => (
        <text key={at} x={percent(at)} y="1.2em" textAnchor="middle" fill="var(--quiet)">
          {text}
        </text>
      ))}
    </svg>
  );
}

const percent = (share: number): string => `${Math.round(1e4 * share) / 100}%`;
