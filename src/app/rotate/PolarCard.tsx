/** Confidence against angle, as a polar chart, and how often each network keeps its answer. */
import { Title } from '@mantine/core';
import { type Look, useLooking } from '../../state/rotate/looking';
import { SWEEP, type Sweep } from '../../state/rotate/sweep';
import { steadySentence } from '../../state/words/rotate';
import { LineKey } from '../charts/Legend';
import { Explained } from '../parts/Explained';
import { SaveMenu } from '../saving/SaveMenu';
import { NET_LOOKS } from './nets';
import classes from './PolarCard.module.css';
import { DialHand, PolarChart } from './PolarChart';
import { sweepTable } from './tables';

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
            <PolarChart look={look} sweep={sweep} />
            <DialHand />
          </div>
          <figcaption className="caption">
            <Explained
              term="confidence"
              text="The share that the softmax of its answers gives to the class. It is not how often the network is right."
            >
              Confidence
            </Explained>{' '}
            in each network’s own upright answer, at every 15°
            {done < SWEEP.length ? ` (${done} of ${SWEEP.length} measured).` : '.'} A hollow point: there it
            says something else.
          </figcaption>
        </figure>
        <ul className={classes.says} aria-label="How steady the answers are">
          {look?.nets.map((net, i) => (
            <li key={look.names[i]} data-testid="steady">
              <LineKey {...NET_LOOKS[i]} width={3} />
              <strong>{net.title ?? 'No network'}</strong>
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
