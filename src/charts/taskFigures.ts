/** What the charts of a task's report are drawn from, in the page and in the reports' pictures: figures in per cent. */
import type { TaskReport } from '../lab/tasks/report';
import { type Axis, axisAround, placeOn, ticksOf, tickTexts } from './axis';
import type { PlacedMark, Tick } from './DotTrack';
import { marksOf } from './figures';

type Measure = TaskReport['measures'][number];
type Curve = TaskReport['curves'][number];

const percents = (values: readonly number[]): number[] => values.map((value) => 100 * value);

/** A measure of every row as dots, one for each seed, on a common axis from 0. */
export function measureDots(
  { rows }: TaskReport,
  { id }: Measure,
): { rows: { id: string; name: string; marks: PlacedMark[] }[]; ticks: Tick[] } {
  const axis = axisAround([0, ...rows.flatMap(({ figures }) => percents(figures[id].values))]);
  const texts = tickTexts(ticksOf(axis));
  return {
    ticks: ticksOf(axis).map((value, i) => ({ at: placeOn(axis, value), text: texts[i] })),
    rows: rows.map((row) => {
      const { mean, values } = row.figures[id];
      const [at, ...seeds] = percents([mean, ...values]).map((value) => placeOn(axis, value));
      return {
        ...{ id: row.id, name: row.label },
        marks: marksOf({ id: row.id, label: row.label, mean: at, values: seeds }),
      };
    }),
  };
}

interface CurveLine {
  readonly id: string;
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** A curve of every row, the mean over the seeds. */
export function curveLines(
  { rows }: TaskReport,
  { id, from, step }: Curve,
): { x: Axis; y: Axis; along: number[]; lines: CurveLine[] } {
  const along = rows[0].curves[id].mean.map((_, i) => from + i * step);
  const lines = rows.map(({ id: row, label, curves }) => ({
    ...{ id: row, name: label },
    points: percents(curves[id].mean).map((y, i) => ({ x: along[i], y })),
  }));
  return {
    x: axisAround(along, along[0], along.at(-1)),
    y: axisAround([0, ...lines.flatMap(({ points }) => points.map(({ y }) => y))]),
    ...{ along, lines },
  };
}
