/** A validation tile, as the networks read it, turned to the left. */
import { useEffect, useRef } from 'react';
import type { Minds } from '../../../lab/prune/neurons/minds';
import { paintRgb } from '../../parts/paint';
import classes from './Minds.module.css';

interface Props extends Pick<Minds, 'size' | 'channels'> {
  readonly pixels: Uint8Array;
  /** Quarter turns. */
  readonly turns: number;
  readonly label: string;
}

export function MindPicture({ size, channels, pixels, turns, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgb =
      channels === 3
        ? pixels
        : Uint8Array.from({ length: 3 * size * size }, (_, i) => pixels[Math.floor(i / 3) * channels]);
    paintRgb(canvas.current, size, size, rgb);
  }, [size, channels, pixels]);
  return (
    <canvas
      ref={canvas}
      width={size}
      height={size}
      className={classes.tile}
      style={{ rotate: `${-90 * turns}deg` }}
      role="img"
      aria-label={label}
    />
  );
}
