/** The equivariance meter: the error of each layer before and after, on a scale of powers of ten, with a word for it. */

import { Title } from '@mantine/core';
import { placeOn } from '../../charts/axis';
import { MarkKey, type MarkLook } from '../../charts/marks';
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
import { DotRows } from '../charts/DotRows';
import { Legend } from '../charts/Legend';
import { Explained } from '../parts/Explained';
import classes from './MeterCard.module.css';
import { useThird } from './third';

/** Powers of ten at the ends of the scale. */
const [LOW, HIGH] = [-8, 0];

/** Share of the scale at which an error stands; what lies beyond stands at its end. */
const placeOf = (error: number): number => {
  const power = error > 0 ? Math.log10(error) : LOW;
  return placeOn({ from: LOW, to: HIGH }, Math.min(HIGH, Math.max(LOW, power)));
};

const TICKS = [-7, -5, -3, -1, 0].map((power) => ({
  at: placeOf(10 ** power),
  text: power < -2 ? small(10 ** power).replace('1.0·', '') : String(10 ** power),
}));

const BEFORE: MarkLook = { shape: 'circle', colour: 'var(--quiet)', hollow: true, size: 1.1 };
const AFTER: MarkLook = { shape: 'circle', colour: 'var(--accent)' };
/** Instead of the colour, where the symmetry is not just rounded away. */
const BROKEN = { colour: 'var(--vermillion)' };
const THIRD: MarkLook = { shape: 'diamond', colour: 'var(--green)' };

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
          <Explained
            term="equivariance-error"
            text="The error of a layer is the largest difference between its answer to a turned tile and its turned answer to the tile, divided by its largest answer; over all turns of the group, on eight validation tiles. Without symmetry it is around 1; what 32-bit arithmetic leaves is around 10⁻⁷."
          >
            Equivariance meter
          </Explained>
        </Title>
        <strong>{word ? BREAKAGE_WORDS[word] : ''}</strong>
      </div>
      <DotRows
        className={classes.rows}
        label={result ? meterSentence(result) : 'Nothing measured yet'}
        ticks={TICKS}
        zone={placeOf(BREAKAGE_BOUNDS.rounding)}
        rows={(result?.after.errors ?? []).map(({ layer, max }, i) => {
          const other = third?.figures.errors[i]?.max;
          return {
            id: layer,
            name: capital(layerName(layer).replace('the ', '')),
            marks: [
              { ...BEFORE, at: placeOf(result!.before.errors[i].max) },
              ...(other === undefined ? [] : [{ ...THIRD, at: placeOf(other) }]),
              { ...AFTER, at: placeOf(max), ...(breakageOf(max) !== 'rounding' && BROKEN) },
            ],
            value: small(max),
          };
        })}
      />
      <Legend
        entries={[
          { name: 'whole network', key: <MarkKey looks={[BEFORE]} /> },
          {
            name: point?.choice.units === 'channels' ? 'channels gone' : 'pruned',
            key: <MarkKey looks={[AFTER]} />,
          },
          ...(third
            ? [{ name: result?.naive ? 'whole fields gone' : 'fine-tuned', key: <MarkKey looks={[THIRD]} /> }]
            : []),
        ]}
      />
      <p className={classes.sentence}>{result && meterSentence(result)}</p>
      {point && <Why point={point} />}
    </section>
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
