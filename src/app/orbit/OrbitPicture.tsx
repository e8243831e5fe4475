/**
 * One filter, its turned copies, the maps they make of a tile, the largest of them, and the answers: one picture, in which the
 * tile is turned and petals are torn off. All of it is measured; nothing is made up between.
 */
import { Button } from '@mantine/core';
import { type CSSProperties, useMemo } from 'react';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS } from '../../lab/symmetry/group';
import { planeAt, putBack } from '../../lab/symmetry/seats';
import { elementAt, hasMirrors, nextTurn, toggleSeat, turnsOf } from '../../state/orbit/orbit';
import { small } from '../../state/words/format';
import { normWords, orbitSentence, pooledWords } from '../../state/words/orbit';
import { Explained } from '../parts/Explained';
import { scaleOf } from '../parts/glow';
import { MapCanvas, type OrbitTile } from './canvases';
import { Flower } from './Flower';
import flower from './Flower.module.css';
import { OrbitAnswers } from './OrbitAnswers';
import classes from './OrbitPicture.module.css';
import { useTurned } from './useTurned';

export interface OrbitPictureProps {
  readonly tile: OrbitTile;
  readonly classes: readonly string[];
  readonly whole: OrbitMaps;
  readonly shown: OrbitMaps;
  readonly torn: readonly number[];
  readonly angle: number;
  readonly mirrored: boolean;
  onTurn(angle: number): void;
  onMirror(mirrored: boolean): void;
  onTear(torn: readonly number[]): void;
}

export function OrbitPicture(props: OrbitPictureProps) {
  const { tile, whole, shown, torn, angle, onTurn, onMirror, onTear } = props;
  const { group } = whole;
  const mirrored = props.mirrored && hasMirrors(group);
  const { order } = GROUPS[group];
  const element = elementAt(group, angle, mirrored);
  const turned = useTurned(angle, mirrored, element);
  const isResting = element === turned.rested;
  const turns = turnsOf(group);
  const style = { '--turn': `${-turned.degrees}deg`, '--flip': mirrored ? -1 : 1 } as CSSProperties;
  return (
    <div
      className={classes.picture}
      style={style}
      data-step={turned.isStep || undefined}
      data-testid="orbit"
      data-element={element ?? 'none'}
      data-resting={isResting || undefined}
    >
      <div className={classes.main}>
        <Flower {...{ tile, whole, shown, torn, angle, turned, isResting, onTurn, onTear }} />
        <p className={`caption ${classes.norm}`}>
          <Explained
            text={`The ring through all seats: a batch norm with one mean, variance, scale and shift for all ${order} of them. So it changes every orientation alike.`}
          >
            Field norm
          </Explained>
          : {normWords(whole)}
        </p>
        <div className={classes.tools}>
          {turns.length > 1 && (
            <Button size="xs" onClick={() => onTurn(nextTurn(group, angle, 1))}>
              ↺ Turn the tile
            </Button>
          )}
          {hasMirrors(group) && (
            <Button size="xs" variant="default" aria-pressed={mirrored} onClick={() => onMirror(!mirrored)}>
              ⇋ Mirror it
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => onTear(torn.length > 0 ? [] : toggleSeat(torn, 0))}
          >
            {torn.length === 0
              ? '✂ Tear off a petal'
              : torn.length === 1
                ? 'Put the petal back'
                : 'Put them back'}
          </Button>
        </div>
      </div>
      <p className={classes.says} role="status" data-testid="orbit-says">
        {orbitSentence({ whole, shown, element, classes: props.classes })}
      </p>
      <div className={classes.side}>
        <div className={classes.pooling}>
          <svg className={classes.arrow} viewBox="0 0 28 28" aria-hidden="true">
            <path d="M2 3C14 3 14 14 24 14M2 10C12 10 14 14 24 14M2 18C12 18 14 14 24 14M2 25C14 25 14 14 24 14M19 9l5 5-5 5" />
          </svg>
          <Pooled shown={shown} rested={turned.rested} />
          <div>
            <p className={classes.step}>The largest of the {order}, place by place</p>
            <p className="caption" data-testid="orbit-pooled">
              <Explained
                term="group-pooling"
                text={`At each place the largest value of the ${order} seats. The maps only change seats as the tile turns, so their maximum only turns.`}
              >
                Group pooling
              </Explained>
              {element !== null && element !== 0 && isResting
                ? pooledWords(shown, element)
                : ': which seat a value came from is forgotten'}
            </p>
          </div>
        </div>
        <OrbitAnswers {...{ tile, shown, element }} names={props.classes} {...{ onTurn, onMirror }} />
        <p className={classes.error}>
          <Explained
            term="equivariance-error"
            text={`Largest difference between the answers to the turned tile and to the upright one, over all ${order} elements of ${group}, as a share of the largest. Of this tile, measured.`}
          >
            Equivariance error
          </Explained>{' '}
          <strong data-testid="orbit-error" data-broken={shown.error > 1e-4 || undefined}>
            {small(shown.error)}
          </strong>
        </p>
      </div>
    </div>
  );
}

/** The largest of all seats: part of the body that turns. */
function Pooled({ shown, rested }: { shown: OrbitMaps; rested: number }) {
  const { pooled, size, group, maps } = shown;
  const scale = useMemo(() => scaleOf(maps), [maps]);
  // As one map on a seat that the turn leaves alone.
  const back = useMemo(
    () => putBack(repeated(planeAt(pooled, size, rested), GROUPS[group].order), size, group, rested),
    [pooled, size, group, rested],
  );
  return (
    <div className={classes.pooled} aria-hidden="true">
      <div className={flower.turning}>
        <MapCanvas map={planeAt(back, size, 0)} size={size} scale={scale} />
      </div>
    </div>
  );
}

function repeated(map: Float32Array, times: number): Float32Array {
  const all = new Float32Array(map.length * times);
  for (let i = 0; i < times; i++) all.set(map, i * map.length);
  return all;
}
