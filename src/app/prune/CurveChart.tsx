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
import { Legend } from '../charts/Legend';
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
  return (
    <>
      <Lines sheet={sheet} shown={shown} />
      <SavedLegend shown={shown} />
    </>
  );
}

/** On the page the details tell which line is which; a picture that is saved takes this along. */
const SavedLegend = memo(function SavedLegend({ shown }: { shown: readonly CurveName[] }) {
  return (
    <div
      style={{ position: 'absolute', inset: '0 0 auto', height: 0, overflow: 'hidden', visibility: 'hidden' }}
    >
      <div data-saved-below>
        <Legend
          entries={shown.map((curve, i) => ({
            id: curveKey(curve),
            name: nameOf(curve),
            key: <CurveKey curve={curve} isChosen={i === shown.length - 1} />,
          }))}
        />
      </div>
    </div>
  );
});

function CurveKey({ curve: { method, compensation }, isChosen }: { curve: CurveName; isChosen: boolean }) {
  const { stroke, width, dash } = lineOf(method, isChosen);
  const { mark } = COMPENSATION_LOOKS[compensation];
  return (
    <svg width="40" height="14" aria-hidden="true">
      <line x1="1" x2="39" y1="7" y2="7" stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
      {mark && <Mark look={markOnLine(mark, stroke)} x={20} y={7} />}
    </svg>
  );
}

const nameOf = ({ method, compensation }: CurveName): string =>
  `${METHOD_LOOKS[method].name} with compensation ${COMPENSATION_LOOKS[compensation].name.toLowerCase()}`;

/** The curve that prunes is thick and whole. */
const lineOf = (method: CurveName['method'], isChosen: boolean) =>
  isChosen
    ? { stroke: 'var(--accent)', width: 3, dash: undefined }
    : { stroke: METHOD_LOOKS[method].colour, width: 1.4, dash: METHOD_LOOKS[method].dash };

/** `shown`: the chosen curve last. */
const Lines = memo(function Lines({ sheet, shown }: { sheet: Sheet; shown: readonly CurveName[] }) {
  const lines = useMemo(() => shown.map((curve) => pointsOf(sheet, curve)), [sheet, shown]);
  const narrow = window.matchMedia('(max-width: 480px)').matches;
  const names = shown.map(nameOf);
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
        const { stroke, width, dash } = lineOf(curve.method, i === shown.length - 1);
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
            strokeWidth={width}
            strokeDasharray={dash}
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
