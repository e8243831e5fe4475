/** The curves of all methods. Drawn anew when the data or the choice changes, never while the slider moves. */
import { memo, useMemo } from 'react';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { Compensation } from '../../lab/prune/compensate';
import { CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import type { Sheet } from '../../lab/prune/sheet';
import { curveOf } from '../../stores/study';
import { METHOD_LOOKS } from './methods';

const TICKS = [0, 20, 40, 60, 80, 100];

interface Props {
  readonly sheet: Sheet;
  readonly method: CriterionId;
  readonly compensation: Compensation;
  readonly hidden: readonly CriterionId[];
}

export const CurveChart = memo(function CurveChart({ sheet, method, compensation, hidden }: Props) {
  const rows = useMemo(() => rowsOf(sheet, compensation), [sheet, compensation]);
  const shown = CRITERION_IDS.filter((id) => id === method || !hidden.includes(id));
  // The chosen line is drawn last, on top.
  const ordered = [...shown.filter((id) => id !== method), method];
  const narrow = typeof window !== 'undefined' && window.matchMedia('(max-width: 480px)').matches;
  const axis = { stroke: 'var(--quiet)', tick: { fill: 'var(--quiet)', fontSize: 12 }, tickLine: false };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={rows}
        margin={{ top: 10, right: narrow ? 8 : 14, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        role="img"
        aria-label="Validation accuracy against the share of hidden neurons removed, one line per pruning method"
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
            fontSize: 12,
          }}
        />
        <YAxis {...axis} domain={[0, 100]} ticks={TICKS} width={narrow ? 38 : 46} axisLine={false} />
        {ordered.map((id) => (
          <Line
            key={id}
            dataKey={id}
            type="linear"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            stroke={id === method ? 'var(--accent)' : METHOD_LOOKS[id].colour}
            strokeWidth={id === method ? 3 : 1.4}
            strokeDasharray={id === method ? undefined : METHOD_LOOKS[id].dash}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
});

type Row = Record<CriterionId | 'share', number>;

/** One row per number of removed neurons, from none to all but one. */
function rowsOf(sheet: Sheet, compensation: Compensation): Row[] {
  const { units } = sheet;
  const curves = CRITERION_IDS.map((id) => [id, curveOf(sheet, id, compensation).accuracy[0]] as const);
  return Array.from({ length: units }, (_, removed) => {
    const accuracies = curves.map(([id, accuracy]) => [id, 100 * accuracy[units - removed]]);
    return { share: (100 * removed) / units, ...Object.fromEntries(accuracies) };
  });
}
