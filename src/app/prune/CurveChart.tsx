/** The curves shown. Drawn anew when the data or the choice changes, never while the slider moves. */
import { Fragment, memo, useMemo } from 'react';
import { type DotItemDotProps, Line } from 'recharts';
import { Mark, type Shape } from '../../charts/marks';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { useIsHidden } from '../../state/page/flags';
import { type CurveName, curveKey, shownCurves, useCurves } from '../../state/prune/curves';
import { useExperiment } from '../../state/prune/experiment';
import { curveOf, measuredCurve } from '../../state/prune/sheets';
import { unitsName } from '../../state/prune/unitNames';
import { type Insets, Plot } from '../charts/Plot';
import { COMPENSATION_LOOKS, METHOD_LOOKS, markOnLine } from '../parts/methods';
import { useSheet } from './selectors';

const PERCENT = { from: 0, to: 100, step: 20 };
/** As the slider and what moves over the chart have it: `CurveCard.module.css`. */
const WIDE: Insets = { right: 0.875, bottom: 2.75, left: 2.875 };
const NARROW: Insets = { ...WIDE, right: 0.5, left: 2.375 };
/** Marks on a line, from end to end. */
const MARKS = 12;

export function CurveChart() {
  const sheet = useSheet();
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  const wishes = useCurves(({ wishes }) => wishes);
  const methods = useIsHidden('methods');
  const compensations = useIsHidden('compensation');
  const shown = useMemo(() => {
    const chosen = { method, compensation };
    const curves = shownCurves(wishes, chosen, { methods, compensation: compensations });
    // The chosen line is drawn last, on top.
    return [...curves.filter((curve) => curveKey(curve) !== curveKey(chosen)), chosen].filter((curve) =>
      measuredCurve(sheet, curve.method, curve.compensation),
    );
  }, [sheet, wishes, method, compensation, methods, compensations]);
  return <Lines sheet={sheet} shown={shown} />;
}

/** `shown`: the chosen curve last. */
const Lines = memo(function Lines({ sheet, shown }: { sheet: Sheet; shown: readonly CurveName[] }) {
  const lines = useMemo(() => shown.map((curve) => pointsOf(sheet, curve)), [sheet, shown]);
  const narrow = window.matchMedia('(max-width: 480px)').matches;
  const names = shown.map(
    ({ method, compensation }) =>
      `${METHOD_LOOKS[method].name} with compensation ${COMPENSATION_LOOKS[compensation].name.toLowerCase()}`,
  );
  return (
    <Plot
      label={`Validation accuracy against the share of ${unitsName(sheet.unit)} removed, one line each for ${names.join('; ')}`}
      x={PERCENT}
      y={PERCENT}
      xLabel={`Share of ${unitsName(sheet.unit)} removed`}
      xUnit=" %"
      insets={narrow ? NARROW : WIDE}
    >
      {shown.map((curve, i) => {
        const isChosen = i === shown.length - 1;
        const { colour, dash } = METHOD_LOOKS[curve.method];
        const stroke = isChosen ? 'var(--accent)' : colour;
        const { mark } = COMPENSATION_LOOKS[curve.compensation];
        return (
          <Line
            key={curveKey(curve)}
            data={lines[i]}
            dataKey="y"
            type="linear"
            dot={mark !== null && marked(mark, stroke, sheet.stops.length)}
            activeDot={false}
            isAnimationActive={false}
            stroke={stroke}
            strokeWidth={isChosen ? 3 : 1.4}
            strokeDasharray={isChosen ? undefined : dash}
          />
        );
      })}
    </Plot>
  );
});

/** Draws a mark at every so-many-th point. */
function marked(shape: Shape, stroke: string, points: number) {
  const every = Math.max(1, Math.round(points / MARKS));
  return ({ cx, cy, index, key }: DotItemDotProps) =>
    index % every === Math.floor(every / 2) && cx !== undefined && cy !== undefined ? (
      <Mark key={key} look={markOnLine(shape, stroke)} x={cx} y={cy} />
    ) : (
      <Fragment key={key} />
    );
}

/** In per cent, a point for each number of removed units that was measured. */
function pointsOf(sheet: Sheet, { method, compensation }: CurveName) {
  const { units, stops } = sheet;
  const [accuracy] = curveOf(sheet, method, compensation).accuracy;
  return Array.from(stops, (removed) => ({
    x: (100 * removed) / units,
    y: 100 * accuracy[units - removed],
  }));
}
