/** What the picture is made of, pixel for pixel: the tile, a map, a filter. */
import { memo, useEffect, useRef } from 'react';
import { glow, type Scale } from '../parts/glow';
import { paintRgb } from '../parts/paint';
import classes from './Flower.module.css';

/** A picture as a network reads it: size × size × channels, 0 … 255. */
export interface OrbitTile {
  readonly size: number;
  readonly channels: number;
  readonly values: ArrayLike<number>;
}

export const TileCanvas = memo(function TileCanvas({ tile }: { tile: OrbitTile }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { size } = tile;
  useEffect(() => {
    paintRgb(ref.current, size, size, asRgb(tile));
  }, [tile, size]);
  return <canvas ref={ref} width={size} height={size} className={classes.pixels} />;
});

/** Grey where it is grey; of bands the first three, which are shown as what they are: no colours of nature. */
function asRgb({ channels, values }: OrbitTile): ArrayLike<number> {
  if (channels === 3) return values;
  const at = (c: number) => Math.min(c, channels - 1);
  return Uint8Array.from(
    { length: (3 * values.length) / channels },
    (_, i) => values[Math.floor(i / 3) * channels + at(i % 3)],
  );
}

interface MapProps {
  readonly map: Float32Array;
  readonly size: number;
  readonly scale: Scale;
}

export const MapCanvas = memo(function MapCanvas({ map, size, scale }: MapProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgb = new Float32Array(3 * map.length);
    map.forEach((value, p) => {
      rgb.set(glow(value, scale), 3 * p);
    });
    paintRgb(ref.current, size, size, rgb);
  }, [map, size, scale]);
  return <canvas ref={ref} width={size} height={size} className={classes.pixels} />;
});

interface FilterProps {
  readonly kernel: number;
  readonly channels: number;
  /** kernel × kernel × channels. */
  readonly weights: Float32Array;
  /** The largest weight there is, by its size. */
  readonly largest: number;
}

/** A filter as the colours that it looks for: grey is nothing. Of more than three channels their mean. */
export const FilterCanvas = memo(function FilterCanvas({ kernel, channels, weights, largest }: FilterProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgb = Array.from({ length: 3 * kernel * kernel }, (_, i) => {
      const of = weights.subarray(Math.floor(i / 3) * channels, (Math.floor(i / 3) + 1) * channels);
      const weight = channels === 3 ? of[i % 3] : of.reduce((sum, each) => sum + each, 0) / channels;
      return 127.5 * (1 + weight / (largest || 1));
    });
    paintRgb(ref.current, kernel, kernel, rgb);
  }, [kernel, channels, weights, largest]);
  return <canvas ref={ref} width={kernel} height={kernel} className={classes.pixels} />;
});
