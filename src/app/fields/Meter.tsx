/** The equivariance meter: the error of each layer before and after, on a scale of powers of ten, with a word for it. */
import type { TrunkFigures } from '../../lab/prune/trunk';
import type { TrunkPoint } from '../../library/points';
import {
  BREAKAGE_BOUNDS,
  BREAKAGE_WORDS,
  breakageOf,
  layerName,
  meterSentence,
  worstOf,
} from '../../stores/fieldsSentences';
import { capital, small } from '../../stores/format';
import { Explained } from '../Explained';
import classes from './Meter.module.css';

/** Powers of ten at the ends of the scale. */
const [LOW, HIGH] = [-8, 0];
const TICKS = [-7, -6, -5, -4, -3, -2, -1, 0];

/** Place of an error on the scale, in per cent; what lies beyond stands at its end. */
const placeOf = (error: number): number => {
  const power = error > 0 ? Math.log10(error) : LOW;
  return (100 * (Math.min(HIGH, Math.max(LOW, power)) - LOW)) / (HIGH - LOW);
};

export function Meter({ point }: { point: TrunkPoint | undefined }) {
  const result = point?.result;
  const word = result ? breakageOf(worstOf(result.after.errors)) : null;
  return (
    <figure className={classes.meter} data-testid="meter" data-word={word ?? undefined}>
      <figcaption className={classes.title}>
        <Explained text="The error of a layer is the largest difference between its answer to a turned tile and its turned answer to the tile, divided by its largest answer; over all turns of the group, on eight validation tiles. Without symmetry it is around 1; what 32-bit arithmetic leaves is around 10⁻⁷.">
          Equivariance meter
        </Explained>
        <strong>{word ? BREAKAGE_WORDS[word] : ''}</strong>
      </figcaption>
      <div
        className={classes.rows}
        role="img"
        aria-label={result ? meterSentence(result) : 'Nothing measured yet'}
      >
        {result?.after.errors.map(({ layer, max }, i) => (
          <Row
            key={layer}
            name={capital(layerName(layer)).replace('The ', '')}
            before={result.before.errors[i].max}
            after={max}
            fields={result.naive?.fields.errors[i]?.max}
          />
        ))}
        <div className={classes.row}>
          <span />
          <span className={classes.scale}>
            {TICKS.map((power) => (
              <i key={power} style={{ left: `${placeOf(10 ** power)}%` }}>
                {power === 0
                  ? '1'
                  : small(10 ** power)
                      .replace('1.0·', '')
                      .replace(/^0\.(0*)1.*$/, '0.$11')}
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
        {result?.naive && (
          <li>
            <i className={classes.fields} aria-hidden="true" /> whole fields gone
          </li>
        )}
      </ul>
      <p className={classes.sentence}>{result && meterSentence(result)}</p>
    </figure>
  );
}

interface RowProps {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly fields: TrunkFigures['errors'][number]['max'] | undefined;
}

function Row({ name, before, after, fields }: RowProps) {
  return (
    <div className={classes.row}>
      <span className={classes.name}>{name}</span>
      <span className={classes.track}>
        <i className={classes.zone} style={{ width: `${placeOf(BREAKAGE_BOUNDS.rounding)}%` }} />
        <i className={classes.was} style={{ left: `${placeOf(before)}%` }} />
        {fields !== undefined && <i className={classes.fields} style={{ left: `${placeOf(fields)}%` }} />}
        <i className={classes.is} data-word={breakageOf(after)} style={{ left: `${placeOf(after)}%` }} />
      </span>
    </div>
  );
}
