/** Confidence against angle, as a polar chart, and how often each network keeps its answer. */
import { Title } from '@mantine/core';
import { memo } from 'react';
import { pointAt } from '../../state/rotate/dial';
import { type Look, useLooking } from '../../state/rotate/looking';
import { SWEEP, type Sweep } from '../../state/rotate/sweep';
import { useTurning } from '../../state/rotate/turning';
import { steadySentence } from '../../state/words/rotate';
import { SaveMenu } from '../saving/SaveMenu';
import { NET_LOOKS } from './nets';
import classes from './PolarCard.module.css';
import { sweepTable } from './tables';

/** Of 100 %, in per cent of half the chart. */
const FULL = 40;
const RINGS = [0.25, 0.5, 0.75, 1];

export function PolarCard() {
  const look = useLooking(({ look }) => look);
  const sweep = useLooking(({ sweep }) => sweep);
  const done = sweep.filter((row) => row !== null).length;
  return (
    <section className={`card ${classes.card}`} aria-labelledby="polar-title">
      <div className={classes.head}>
        <Title order={2} size="h4" id="polar-title">
          All the way round
        </Title>
        {look && done === SWEEP.length && (
          <SaveMenu what="confidence by angle" table={() => sweepTable(look, sweep)} picture="figure" />
        )}
      </div>
      <div className={classes.body}>
        <figure className={classes.figure}>
          <div
            className={classes.chart}
            role="img"
            aria-label={look ? chartLabel(look, sweep) : 'Being measured'}
          >
            <Frame />
            {look && <Lines look={look} sweep={sweep} />}
            <Marker />
          </div>
          <figcaption className="caption">
            Confidence in each network’s own upright answer, at every 15°
            {done < SWEEP.length ? ` (${done} of ${SWEEP.length} measured).` : '.'} A hollow point: there it
            says something else.
          </figcaption>
        </figure>
        <ul className={classes.says} aria-label="How steady the answers are">
          {look?.nets.map((net, i) => (
            <li key={look.names[i]} data-testid="steady">
              <svg width="26" height="8" aria-hidden="true">
                <line
                  x1="0"
                  x2="26"
                  y1="4"
                  y2="4"
                  stroke={NET_LOOKS[i].colour}
                  strokeWidth="3"
                  strokeDasharray={NET_LOOKS[i].dash}
                />
              </svg>
              <strong>{net.problem === null ? net.title : 'No network'}</strong>
              <span>{steadySentence(look, sweep, i)}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const chartLabel = (look: Look, sweep: Sweep): string =>
  look.nets.map((_, i) => steadySentence(look, sweep, i)).join(' ');

/** Rings with their shares, and the right angles. */
const Frame = memo(function Frame() {
  return (
    <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
      {RINGS.map((share) => (
        <circle key={share} r={FULL * share} className={classes.ring} />
      ))}
      {[0, 90, 180, 270].map((degrees) => {
        const { x, y } = pointAt(degrees, FULL);
        const label = pointAt(degrees, FULL + 5);
        return (
          <g key={degrees}>
            <line x2={x} y2={y} className={classes.ring} />
            <text x={label.x} y={label.y} className={classes.degrees}>
              {degrees}°
            </text>
          </g>
        );
      })}
      {RINGS.map((share) => {
        const { x, y } = pointAt(315, FULL * share);
        return (
          <text key={share} x={x} y={y} className={classes.share}>
            {100 * share}
            {share === 1 && ' %'}
          </text>
        );
      })}
    </svg>
  );
});

const Lines = memo(function Lines({ look, sweep }: { look: Look; sweep: Sweep }) {
  const upright = sweep[0];
  if (!upright) return null;
  return (
    <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
      {look.nets.map((_, i) => {
        const answer = upright[i]?.answer;
        if (answer === undefined) return null;
        const measured = SWEEP.flatMap((degrees, at) => {
          const here = sweep[at]?.[i];
          if (!here) return [];
          return [
            {
              degrees,
              isOther: here.answer !== answer,
              ...pointAt(degrees, FULL * here.probabilities[answer]),
            },
          ];
        }).sort((a, b) => a.degrees - b.degrees);
        const { colour, dash } = NET_LOOKS[i];
        const points = measured.map(({ x, y }) => `${x},${y}`).join(' ');
        const isWhole = measured.length === SWEEP.length;
        return (
          <g key={look.names[i]} stroke={colour} fill={colour}>
            {isWhole && <polygon points={points} className={classes.line} strokeDasharray={dash} />}
            {measured.map(({ degrees, x, y, isOther }) => (
              <circle
                key={degrees}
                cx={x}
                cy={y}
                r={0.9}
                className={isOther ? classes.other : classes.same}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
});

/** Where the dial stands. */
function Marker() {
  const angle = useTurning(({ angle }) => angle);
  const { x, y } = pointAt(angle, FULL + 2);
  return (
    <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
      <line x2={x} y2={y} className={classes.marker} />
      <circle cx={x} cy={y} r={1.4} className={classes.head} />
    </svg>
  );
}
