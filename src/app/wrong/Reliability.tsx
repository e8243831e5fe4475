/** Whether its probabilities can be believed: the reliability diagram, the calibration error, and the temperature. */
import { useMemo } from 'react';
import type { Reliability as Bins, ClassReport } from '../../lab/evaluate/report/classReport';
import { calibrationLines } from '../../lab/evaluate/report/document';
import { reliabilityTable } from '../../lab/evaluate/report/tables';
import { percent, whole } from '../../state/words/format';
import { resultOf } from '../../state/wrong/looking';
import type { Looked } from '../../state/wrong/wrong';
import type { ReportPart } from '../../worker/protocol/choices';
import { type ChartLine, LineChart } from '../charts/LineChart';
import { Explained } from '../parts/Explained';
import classes from './Reliability.module.css';
import { sourceOf } from './source';
import headings from './WrongReport.module.css';

const AXIS = { from: 0, to: 100, step: 20 };

interface Props {
  readonly report: ClassReport;
  readonly part: ReportPart;
  readonly looked: Looked;
}

export function Reliability({ report, part, looked }: Props) {
  const { asIs, temperature, atTemperature } = report.calibration;
  const lines = useMemo(
    (): ChartLine[] => [
      {
        ...{
          name: 'as often right as it says',
          colour: 'var(--quiet)',
          dash: '2 4',
          width: 1.5,
          dots: false,
        },
        points: [
          { x: 0, y: 0 },
          { x: 100, y: 100 },
        ],
      },
      { name: 'as it is', colour: 'var(--accent)', width: 2.5, dots: true, points: pointsOf(asIs) },
      ...(temperature && atTemperature
        ? [
            {
              ...{ name: `at temperature ${temperature.value.toFixed(2)}`, colour: 'var(--vermillion)' },
              ...{ dash: '7 4', width: 2, dots: true, points: pointsOf(atTemperature) },
            },
          ]
        : []),
    ],
    [asIs, temperature, atTemperature],
  );
  return (
    <div className={classes.whole}>
      <h3 className={headings.heading}>
        <Explained
          term="calibration-error"
          text="Tiles by the probability of their answer, in 15 bins of equal width: how often they are right against how probable the answers are said to be. Under the dotted line the network is too sure of itself. Bins of few tiles scatter."
        >
          Can its probabilities be believed?
        </Explained>
      </h3>
      <div className={classes.parts}>
        <div>
          {calibrationLines(report, part).map((line) => (
            <p key={line} className={classes.line}>
              {line}
            </p>
          ))}
        </div>
        <div className={classes.chart}>
          <LineChart
            label={`Reliability diagram: ${calibrationLines(report, part)[0]}`}
            x={AXIS}
            y={AXIS}
            xLabel="Probability of the answer, %"
            yLabel="Right, %"
            lines={lines}
            saved={{
              what: 'reliability diagram',
              table: () => {
                const { columns, rows, source } = reliabilityTable(
                  report,
                  sourceOf(looked, resultOf(looked, looked.shown)!),
                );
                return { name: `reliability ${part}`, title: 'Reliability diagram', columns, rows, source };
              },
            }}
          />
        </div>
        <Table bins={asIs} />
      </div>
    </div>
  );
}

/** Of the bins that have tiles, in per cent. */
const pointsOf = ({ bins }: Bins) =>
  bins.flatMap(({ confidence, accuracy }) =>
    confidence === null || accuracy === null ? [] : [{ x: 100 * confidence, y: 100 * accuracy }],
  );

/** The figures of the bins, for those who do not see the chart. */
function Table({ bins: { bins } }: { bins: Bins }) {
  return (
    <div className="spoken">
      <table>
        <caption>Reliability as the network is</caption>
        <thead>
          <tr>
            <th scope="col">Probability</th>
            <th scope="col">Tiles</th>
            <th scope="col">Mean probability</th>
            <th scope="col">Right</th>
          </tr>
        </thead>
        <tbody>
          {bins.map(
            ({ from, to, tiles, confidence, accuracy }) =>
              confidence !== null &&
              accuracy !== null && (
                <tr key={from}>
                  <th scope="row">
                    {percent(from)} to {percent(to)}
                  </th>
                  <td>{whole(tiles)}</td>
                  <td>{percent(confidence)}</td>
                  <td>{percent(accuracy)}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
    </div>
  );
}
