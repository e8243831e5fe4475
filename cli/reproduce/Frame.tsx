/** What all pictures of reports have around them. */
import { STYLE } from './picture';

/** Of every picture, in pixels. */
export const WIDTH = 880;

interface FrameProps {
  readonly id: string;
  readonly title: string;
  /** The figures, for those who do not see the picture. */
  readonly words: string;
  readonly height: number;
  readonly children: React.ReactNode;
}

/** The sheet that a report's picture stands on, in light and in dark. */
export function Frame({ id, title, words, height, children }: FrameProps) {
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${WIDTH} ${height}`}
      width={WIDTH}
      height={height}
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{words}</desc>
      <style>{STYLE}</style>
      <rect width={WIDTH} height={height} rx="6" fill="var(--surface)" />
      {children}
    </svg>
  );
}
