/** The equivariance meter: the error of each layer before and after, on a scale of powers of ten, with a word for it. */

import { Title } from '@mantine/core';
import { GROUPS } from '../../lab/symmetry/group';
import { useFields } from '../../state/fields/fields';
import { pointHere, useTrunk } from '../../state/fields/trunkState';
import {
  BREAKAGE_BOUNDS,
  BREAKAGE_WORDS,
  breakageOf,
  layerName,
  meterSentence,
  whySentences,
  worstOf,
} from '../../state/words/fields';
import { capital, small } from '../../state/words/format';
import type { TrunkPoint } from '../../storage/rows';
import { Explained } from '../parts/Explained';
import classes from './MeterCard.module.css';
import { useThird } from './third';

/** Powers of ten at the ends of the scale. */
const [LOW, HIGH] = [-8, 0];
const TICKS = [-7, -5, -3, -1, 0];

/** Place of an error on the scale, in per cent; what lies beyond stands at its end. */
const placeOf = (error: number): number => {
  const power = error > 0 ? Math.log10(error) : LOW;
  return (100 * (Math.min(HIGH, Math.max(LOW, power)) - LOW)) / (HIGH - LOW);
};

export function MeterCard() {
  const settled = useFields(({ settled }) => settled);
  const point = useTrunk((state) => pointHere(state, settled));
  const third = useThird(point);
  const result = point?.result;
  const word = result ? breakageOf(worstOf(result.after.errors)) : null;
  return (
    <section
      className={`card ${classes.meter}`}
      aria-labelledby="meter-title"
      data-testid="meter"
      data-word={word ?? undefined}
    >
      <div className={classes.title}>
        <Title order={2} size="h4" id="meter-title">
          <Explained text="The error of a layer is the largest difference between its answer to a turned tile and its turned answer to the tile, divided by its largest answer; over all turns of the group, on eight validation tiles. Without symmetry it is around 1; what 32-bit arithmetic leaves is around 10⁻⁷.">
            Equivariance meter
          </Explained>
        </Title>
        <strong>{word ? BREAKAGE_WORDS[word] : ''}</strong>
      </div>
      <div
        className={classes.rows}
        role="img"
        aria-label={result ? meterSentence(result) : 'Nothing measured yet'}
      >
        {result?.after.errors.map(({ layer, max }, i) => (
          <Row
            key={layer}
            name={capital(layerName(layer).replace('the ', ''))}
            before={result.before.errors[i].max}
            after={max}
            third={third?.figures.errors[i]?.max}
          />
        ))}
        <div className={classes.row}>
          <span />
          <span className={classes.scale}>
            {TICKS.map((power) => (
              <i key={power} style={{ left: `${placeOf(10 ** power)}%` }}>
                {power < -2 ? small(10 ** power).replace('1.0·', '') : 10 ** power}
              </i>
            ))}
          </span>
        </div>
      </div>
      <ul className={`caption ${classes.legend}`}>
        <li>
          <i className={classes.was} aria-hidden="true" /> whole network
        </li>
        <li>
          <i className={classes.is} aria-hidden="true" />{' '}
          {point?.choice.units === 'channels' ? 'channels gone' : 'pruned'}
        </li>
        {third && (
          <li>
            <i className={classes.third} aria-hidden="true" />{' '}
            {result?.naive ? 'whole fields gone' : 'fine-tuned'}
          </li>
        )}
      </ul>
      <p className={classes.sentence}>{result && meterSentence(result)}</p>
      {point && <Why point={point} />}
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly third: number | undefined;
}

function Row({ name, before, after, third }: RowProps) {
  return (
    <div className={classes.row}>
      <span className={classes.name}>{name}</span>
      <span className={classes.track}>
        <i className={classes.zone} style={{ width: `${placeOf(BREAKAGE_BOUNDS.rounding)}%` }} />
        <i className={classes.was} style={{ left: `${placeOf(before)}%` }} />
        {third !== undefined && <i className={classes.third} style={{ left: `${placeOf(third)}%` }} />}
        <i className={classes.is} data-word={breakageOf(after)} style={{ left: `${placeOf(after)}%` }} />
      </span>
      <span className={classes.value}>{small(after)}</span>
    </div>
  );
}

/** The counter-example's reasons, beside what whole fields do. */
function Why({ point: { result, choice } }: { point: TrunkPoint }) {
  const group = useTrunk(({ ranked }) => ranked!.ranking.arch.group);
  const { naive } = result;
  if (choice.units !== 'channels' || !naive) return null;
  return (
    <div className={classes.why} data-testid="fields-why">
      {whySentences({ ...result, naive }, choice, GROUPS[group].order).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
