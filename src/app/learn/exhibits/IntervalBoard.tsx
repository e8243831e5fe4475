/** Curves of methods with what so few tiles leave open: lines alone until the question is answered, then their bands too. */
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import {
  accuracyAt,
  boundsAt,
  boundsWords,
  type Contest,
  contestOf,
  widestAt,
} from '../../../state/learn/lessons/telling';
import { percent, wholePercent } from '../../../state/words/format';
import { Legend, LineKey } from '../../charts/Legend';
import { METHOD_LOOKS } from '../../parts/methods';
import { Axes, Drawing } from './Axes';
import type { ExhibitProps } from './exhibit';
import own from './IntervalBoard.module.css';
import classes from './SketchBoard.module.css';

/** Shares gone that the table tells. */
const TOLD = [0.25, 0.5, 0.6, 0.7, 0.8, 0.9];

type Curve = Contest['first'];

export function IntervalBoard({ lesson, at, seen }: ExhibitProps) {
  const isAsked = lesson.steps[at - 1].kind === 'question';
  const answered = useProgress((state) => Boolean(progressOf(state, lesson.id).answers[at]));
  const contest = contestOf(seen);
  if (!contest) return <p className="caption">All methods give the same curve here.</p>;
  const { first, second, last } = contest;
  const curves = [...new Set([first, second, last])];
  const hasBands = !isAsked || answered;
  const widest = widestAt(contest, first, second);
  return (
    <figure className={classes.figure}>
      <Axes>
        <div className={classes.plot} data-testid="intervals" data-bands={hasBands || undefined}>
          <Drawing>
            {isAsked && <path d={`M${x(contest, widest)} 0V100`} className={own.place} />}
            {hasBands &&
              curves.map((curve) => (
                <path
                  key={curve.method}
                  d={bandOf(contest, curve)}
                  className={own.band}
                  fill={METHOD_LOOKS[curve.method].colour}
                />
              ))}
            {curves.map((curve) => (
              <path
                key={curve.method}
                d={lineOf(contest, curve)}
                className={own.line}
                stroke={METHOD_LOOKS[curve.method].colour}
                strokeDasharray={curve === first ? undefined : METHOD_LOOKS[curve.method].dash}
              />
            ))}
          </Drawing>
        </div>
      </Axes>
      <Legend
        entries={curves.map((curve) => ({
          name: METHOD_LOOKS[curve.method].name,
          key: (
            <LineKey
              colour={METHOD_LOOKS[curve.method].colour}
              dash={curve === first ? undefined : METHOD_LOOKS[curve.method].dash}
            />
          ),
        }))}
      />
      <p className="caption">
        {hasBands
          ? `Bands: what ${contest.tiles} tiles leave open, wide enough to hold at all ${contest.places.length} places together (95 %). Where two bands overlap, nobody is ahead.`
          : 'Upright line: where the first two lie farthest apart.'}
      </p>
      <Table contest={contest} curves={curves} widest={widest} hasBands={hasBands} />
    </figure>
  );
}

const x = ({ units }: Contest, removed: number): number => (100 * removed) / units;

/** With 0, 1, 2, … gone. */
const placesOf = ({ places }: Contest): number[] => [0, ...places];

const lineOf = (contest: Contest, curve: Curve): string =>
  placesOf(contest)
    .map(
      (removed, i) =>
        `${i === 0 ? 'M' : 'L'}${x(contest, removed)} ${100 * (1 - accuracyAt(curve, removed))}`,
    )
    .join('');

function bandOf(contest: Contest, curve: Curve): string {
  const edge = (bound: 0 | 1) =>
    placesOf(contest).map(
      (removed) => `${x(contest, removed)} ${100 * (1 - boundsAt(contest, curve, removed)[bound])}`,
    );
  return `M${edge(1).join('L')}L${edge(0).reverse().join('L')}Z`;
}

interface TableProps {
  readonly contest: Contest;
  readonly curves: readonly Curve[];
  readonly widest: number;
  readonly hasBands: boolean;
}

/** The same for those who do not see it. */
function Table({ contest, curves, widest, hasBands }: TableProps) {
  const told = TOLD.map((share) => Math.round(share * contest.units));
  const rows = [...new Set([...told, widest])]
    .filter((removed) => removed > 0 && removed < contest.units)
    .sort((a, b) => a - b);
  return (
    <div className="spoken">
      <table>
        <caption>Accuracy by neurons removed{hasBands && ', with its interval'}</caption>
        <tbody>
          <tr>
            <th scope="col">Removed</th>
            {curves.map(({ method }) => (
              <th key={method} scope="col">
                {METHOD_LOOKS[method].name}
              </th>
            ))}
          </tr>
          {rows.map((removed) => (
            <tr key={removed}>
              <th scope="row">
                {removed}, {wholePercent(removed / contest.units)}
              </th>
              {curves.map((curve) => (
                <td key={curve.method}>
                  {hasBands ? boundsWords(contest, curve, removed) : percent(accuracyAt(curve, removed))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
