/**
 * The orbit of one filter as a flower: the tile in the middle, around it a seat for each turned copy of the filter, and on the
 * seats the maps that these make. The filters stay; tile and maps are one body, which moves as the group acts. Where a petal
 * is torn off, its seat stays empty.
 */
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS } from '../../lab/symmetry/group';
import { planeAt, putBack, seatAngles } from '../../lab/symmetry/seats';
import { nearestTurnTo, nextTurn, toggleSeat } from '../../state/orbit/orbit';
import { angleOf, pointAt, wrapDegrees } from '../../state/rotate/dial';
import { copyWords, filterWords, isInStep } from '../../state/words/orbit';
import { scaleOf } from '../parts/glow';
import { FilterCanvas, MapCanvas, type OrbitTile, TileCanvas } from './canvases';
import { seatLook } from './colours';
import classes from './Flower.module.css';
import type { useTurned } from './useTurned';

interface Props {
  readonly tile: OrbitTile;
  readonly whole: OrbitMaps;
  readonly shown: OrbitMaps;
  /** As wanted; what is measured of it may come later. */
  readonly torn: readonly number[];
  readonly angle: number;
  readonly turned: ReturnType<typeof useTurned>;
  readonly isResting: boolean;
  onTurn(angle: number): void;
  onTear(torn: readonly number[]): void;
}

/** In per cent of the flower's side, by how many seats there are: to the maps, to the filters, and how long the petals are. */
const SIZES = {
  few: { maps: 28.5, filters: 45.5, petal: { at: 28, length: 14.5, width: 12.5 } },
  many: { maps: 30.5, filters: 45, petal: { at: 28, length: 14, width: 8.6 } },
} as const;

export function Flower({ tile, whole, shown, torn, angle, turned, isResting, onTurn, onTear }: Props) {
  const { group, size, kernel, channels, filters } = whole;
  const { order } = GROUPS[group];
  const { maps, filters: out, petal } = SIZES[order > 4 ? 'many' : 'few'];
  const angles = useMemo(() => seatAngles(group), [group]);
  const { rested } = turned;
  // By seat; a dial's tick turns them all and paints none anew.
  const upright = useMemo(() => {
    const at = rested * order * size * size;
    const back = putBack(shown.maps.subarray(at, at + order * size * size), size, group, rested);
    return angles.map((_, g) => planeAt(back, size, g));
  }, [shown, rested, order, size, group, angles]);
  const scale = useMemo(() => scaleOf(whole.maps), [whole]);
  const largest = useMemo(() => filters.reduce((most, each) => Math.max(most, Math.abs(each)), 0), [filters]);
  const copies = useMemo(() => {
    const weights = kernel * kernel * channels;
    return angles.map((_, s) => filters.subarray(s * weights, (s + 1) * weights));
  }, [filters, kernel, channels, angles]);
  return (
    <div className={classes.flower} data-many={order > 4 || undefined}>
      <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
        <circle r={maps} className={classes.norm} />
        {angles.map((at, s) => (
          <Petal key={s} {...petal} degrees={at} className={classes.seat} />
        ))}
      </svg>
      <div className={classes.body}>
        <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
          {angles.map((at, g) => (
            <g key={g} style={{ '--seat': seatLook(group, g).colour } as CSSProperties}>
              <Petal {...petal} degrees={at} className={classes.petal} />
            </g>
          ))}
        </svg>
        <div className={classes.tile}>
          <TileCanvas tile={tile} />
        </div>
        {angles.map((at, g) => (
          <div key={g} className={classes.map} style={placeOf(group, g, at, maps)}>
            <MapCanvas map={upright[g]} size={size} scale={scale} />
            <span className={classes.tag} aria-hidden="true">
              {g + 1}
            </span>
          </div>
        ))}
      </div>
      <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
        {torn.map((s) => (
          <Petal key={s} {...petal} degrees={angles[s]} className={classes.empty} />
        ))}
      </svg>
      {angles.map((at, s) => {
        const isTorn = torn.includes(s);
        const isOff = isResting && rested !== 0 && !isInStep(shown, rested, s);
        return (
          (isTorn || isOff) && (
            <div
              key={s}
              className={classes.cover}
              data-torn={isTorn || undefined}
              style={placeOf(group, s, at, maps)}
              aria-hidden="true"
            >
              {isTorn ? 'empty' : '≠'}
            </div>
          )
        );
      })}
      <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
        {torn.map((s) => (
          <Petal key={s} {...petal} degrees={angles[s]} className={classes.torn} />
        ))}
      </svg>
      <Grip group={group} angle={angle} onTurn={onTurn} />
      {angles.map((at, s) => {
        const isTorn = torn.includes(s);
        return (
          <div key={s}>
            <button
              type="button"
              className={classes.filter}
              style={placeOf(group, s, at, out)}
              aria-pressed={isTorn}
              aria-label={`${filterWords(group, s)}: ${isTorn ? 'torn off' : 'tear it off'}`}
              title={isTorn ? 'Put it back' : 'Tear it off'}
              onClick={() => onTear(toggleSeat(torn, s))}
            >
              <FilterCanvas kernel={kernel} channels={channels} weights={copies[s]} largest={largest} />
              <span className={classes.number} aria-hidden="true">
                {s + 1}
              </span>
              {order <= 4 && (
                <span className={classes.name} data-beside={at % 180 === 0 || undefined} aria-hidden="true">
                  {copyWords(group, s)}
                </span>
              )}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function placeOf(group: OrbitMaps['group'], seat: number, degrees: number, reach: number): CSSProperties {
  const { x, y } = pointAt(degrees, reach);
  const { colour, isMirrored } = seatLook(group, seat);
  return {
    left: `${50 + x}%`,
    top: `${50 + y}%`,
    '--seat': colour,
    '--edge': isMirrored ? 'dashed' : 'solid',
  } as CSSProperties;
}

interface PetalProps {
  readonly degrees: number;
  readonly at: number;
  readonly length: number;
  readonly width: number;
  readonly className: string;
}

const Petal = ({ degrees, at, length, width, className }: PetalProps) => (
  <ellipse transform={`rotate(${-degrees})`} cy={-at} rx={width} ry={length} className={className} />
);

/** The tile taken hold of: dragged round it turns and comes to rest at the nearest turn of the group, tapped it makes a step. */
function Grip({
  group,
  angle,
  onTurn,
}: {
  group: OrbitMaps['group'];
  angle: number;
  onTurn(angle: number): void;
}) {
  const held = useRef<{ readonly from: number; readonly angle: number; moved: boolean } | null>(null);
  const at = ({ currentTarget, clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return angleOf(clientX - left - width / 2, clientY - top - height / 2);
  };
  const move = (event: PointerEvent) => {
    const { current } = held;
    if (!current) return;
    const by = wrapDegrees(at(event) - current.from);
    if (!current.moved && Math.min(by, 360 - by) < 6) return;
    current.moved = true;
    onTurn(wrapDegrees(current.angle + by));
  };
  const release = () => {
    const { current } = held;
    held.current = null;
    if (current) onTurn(current.moved ? nearestTurnTo(group, angle) : nextTurn(group, angle, 1));
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = KEYS[event.key];
    if (!target) return;
    event.preventDefault();
    onTurn(target === 'first' ? 0 : nextTurn(group, angle, target));
  };
  return (
    <div
      className={classes.grip}
      role="slider"
      tabIndex={0}
      aria-label="Turn of the tile"
      aria-valuemin={0}
      aria-valuemax={359}
      aria-valuenow={angle}
      aria-valuetext={angle === 0 ? 'upright' : `${angle}° counter-clockwise`}
      title="Drag it round, or press"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = { from: at(event), angle, moved: false };
      }}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        const { current } = held;
        held.current = null;
        if (current?.moved) onTurn(nearestTurnTo(group, angle));
      }}
      onKeyDown={press}
    />
  );
}

const KEYS: Readonly<Record<string, 1 | -1 | 'first'>> = {
  ...{ ArrowUp: 1, ArrowLeft: 1, PageUp: 1, Enter: 1, ' ': 1 },
  ...{ ArrowDown: -1, ArrowRight: -1, PageDown: -1, Home: 'first' },
};
