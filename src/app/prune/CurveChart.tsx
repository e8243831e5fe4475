/** The curves shown. Drawn anew when the data or the choice changes, never while the slider moves. */
import { Fragment, memo, useMemo } from 'react';
import {
  CartesianGrid,
  type DotItemDotProps,
  Line,
  LineChart,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { useIsHidden } from '../../state/page/flags';
import { CURVES, type CurveName, curveKey, shownCurves, useCurves } from '../../state/prune/curves';
import { useExperiment } from '../../state/prune/experiment';
import { curveOf } from '../../state/prune/sheets';
import { COMPENSATION_LOOKS, type MarkShape, METHOD_LOOKS } from '../parts/methods';
import { CurveMark } from './CurveMark';
import { useSheet } from './selectors';

const TICKS = [0, 20, 40, 60, 80, 100];
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
    return [...curves.filter((curve) => curveKey(curve) !== curveKey(chosen)), chosen];
  }, [wishes, method, compensation, methods, compensations]);
  return <Lines sheet={sheet} shown={shown} />;
}

/** `shown`: the chosen curve last. */
const Lines = memo(function Lines({ sheet, shown }: { sheet: Sheet; shown: readonly CurveName[] }) {
  const rows = useMemo(() => rowsOf(sheet), [sheet]);
  const narrow = typeof window !== 'undefined' && window.matchMedia('(max-width: 480px)').matches;
  const axis = {
    stroke: 'var(--quiet)',
    tick: { fill: 'var(--quiet)', fontSize: '0.75rem' },
    tickLine: false,
  };
  const names = shown.map(
    ({ method, compensation }) =>
      `${METHOD_LOOKS[method].name} with compensation ${COMPENSATION_LOOKS[compensation].name.toLowerCase()}`,
  );
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={rows}
        margin={{ top: 10, right: narrow ? 8 : 14, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        role="img"
        aria-label={`Validation accuracy against the share of hidden neurons removed, one line each for ${names.join('; ')}`}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="share"
          type="number"
          domain={[0, 100]}
          ticks={TICKS}
          height={44}
          unit=" %"
          label={{
            value: 'Share of hidden neurons removed',
            position: 'insideBottom',
            offset: 4,
            fill: 'var(--quiet)',
            fontSize: '0.75rem',
          }}
        />
        <YAxis {...axis} domain={[0, 100]} ticks={TICKS} width={narrow ? 38 : 46} axisLine={false} />
        {shown.map((curve, i) => {
          const isChosen = i === shown.length - 1;
          const { colour, dash } = METHOD_LOOKS[curve.method];
          const stroke = isChosen ? 'var(--accent)' : colour;
          const { mark } = COMPENSATION_LOOKS[curve.compensation];
          return (
            <Line
              key={curveKey(curve)}
              dataKey={curveKey(curve)}
              type="linear"
              dot={mark !== null && marked(mark, stroke, rows.length)}
              activeDot={false}
              isAnimationActive={false}
              stroke={stroke}
              strokeWidth={isChosen ? 3 : 1.4}
              strokeDasharray={isChosen ? undefined : dash}
            />
          );
        })}
      </LineChart>
    </ResponsiveContainer>
  );
});

/** Draws a mark at every so-many-th point. */
function marked(shape: MarkShape, stroke: string, points: number) {
  const every = Math.max(1, Math.round(points / MARKS));
  return ({ cx, cy, index, key }: DotItemDotProps) =>
    index % every === Math.floor(every / 2) && cx !== undefined && cy !== undefined ? (
      <CurveMark key={key} shape={shape} x={cx} y={cy} stroke={stroke} />
    ) : (
      <Fragment key={key} />
    );
}

/** One row per number of removed neurons, from none to all but one, with all curves by their keys. */
function rowsOf(sheet: Sheet): Record<string, number>[] {
  const { units } = sheet;
  const known = CURVES.map(
    (curve) => [curveKey(curve), curveOf(sheet, curve.method, curve.compensation).accuracy[0]] as const,
  );
  return Array.from({ length: units }, (_, removed) => {
    const accuracies = known.map(([key, accuracy]) => [key, 100 * accuracy[units - removed]]);
    return { share: (100 * removed) / units, ...Object.fromEntries(accuracies) };
  });
}
