/** The pictures of a task's report: each measure as dots, one per seed, and each curve as a line for each row. */
import { placeOn, ticksOf, tickTexts } from '../../src/charts/axis';
import { DotScale, DotTrack } from '../../src/charts/DotTrack';
import { sourcesOf } from '../../src/charts/figures';
import { Mark, type MarkLook } from '../../src/charts/marks';
import { curveLines, measureDots } from '../../src/charts/taskFigures';
import { TURNING_COLOURS } from '../../src/lab/fluids/picture';
import type { TaskReport } from '../../src/lab/tasks/report';
import { Frame, WIDTH } from './Frame';
import { svgDocument, wrapWords } from './picture';

const ROW = 26;
const MARGIN = 16;
const LABELS = 260;
const CHARACTERS = 108;
/** Panels beside each other, from the left to the right, in pixels. */
const PANELS = [
  { left: LABELS + 20, right: 546 },
  { left: 590, right: WIDTH - MARGIN - 14 },
];
const FEW = 6;
const PLOT = { left: 64, right: 600, height: 300 };

export interface Picture {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** `measures.svg`, and a picture for each curve. */
export async function taskPictures(report: TaskReport): Promise<Picture[]> {
  const measures = { file: 'measures.svg', title: 'Every measure of every row' };
  const curves = report.curves.map((curve) => ({ file: `${curve.id}.svg`, title: curve.label, curve }));
  return [
    { ...measures, svg: await svgDocument(<Measures report={report} title={measures.title} />) },
    ...(await Promise.all(
      (report.sheets ?? []).map(async (sheet) => ({
        file: `${sheet.id}.svg`,
        title: sheet.title,
        svg: await svgDocument(<Sheet sheet={sheet} />),
      })),
    )),
    ...(await Promise.all(
      curves.map(async ({ curve, ...rest }) => ({
        ...rest,
        svg: await svgDocument(<Lines report={report} curve={curve} />),
      })),
    )),
  ];
}

function Measures({ report, title }: { report: TaskReport; title: string }) {
  const { rows, measures } = report;
  const lines = Array.from({ length: Math.ceil(measures.length / 2) }, (_, i) =>
    measures.slice(2 * i, 2 * i + 2),
  );
  const heading = wrapWords(`${report.title}`, CHARACTERS - 18);
  const first = 50 + 17 * heading.length;
  const tall = rows.length * ROW + 62;
  const words = rows.map(
    ({ label, figures }) =>
      `${label}: ${measures.map(({ id, label: of }) => `${of} ${(100 * figures[id].mean).toFixed(1)}`).join(', ')}.`,
  );
  return (
    <Frame id="measures" title={title} words={words.join(' ')} height={first + lines.length * tall + 8}>
      {heading.map((line, i) => (
        <text key={line} className="heading" x={MARGIN} y={24 + 17 * i}>
          {line}
        </text>
      ))}
      {sourcesOf([]).map(({ name, looks }) => (
        <g key={name}>
          {looks.map((look) => (
            <Mark key={look.shape} look={look} x={LABELS + 20} y={20 + 17 * heading.length} />
          ))}
          <text className="small" x={LABELS + 34} y={24 + 17 * heading.length}>
            {name}
          </text>
        </g>
      ))}
      {lines.map((pair, line) => (
        <g key={pair[0].id}>
          {rows.map(({ id, label }, i) => (
            <text key={id} x={LABELS} y={first + line * tall + ROW * (i + 0.5) + 4} textAnchor="end">
              {label}
            </text>
          ))}
          {pair.map((measure, panel) => (
            <Panel
              key={measure.id}
              report={report}
              measure={measure}
              top={first + line * tall}
              {...PANELS[panel]}
            />
          ))}
        </g>
      ))}
    </Frame>
  );
}

interface PanelProps {
  readonly report: TaskReport;
  readonly measure: TaskReport['measures'][number];
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

function Panel({ report, measure, top, left, right }: PanelProps) {
  const { rows, ticks } = measureDots(report, measure);
  const place = { x: left, width: right - left };
  return (
    <>
      {rows.map(({ id, marks }, i) => (
        <DotTrack key={id} {...place} y={top + ROW * i} height={ROW} ticks={ticks} marks={marks} />
      ))}
      <g className="small">
        <DotScale {...place} y={top + ROW * rows.length} height={16} ticks={ticks} />
      </g>
      <text x={(left + right) / 2} y={top + ROW * rows.length + 34} textAnchor="middle">
        {measure.label}
      </text>
    </>
  );
}

/** Told apart by their shapes; colours come round again. */
const LOOKS: readonly MarkLook[] = (
  ['circle', 'square', 'triangle', 'diamond', 'fall', 'plus', 'star', 'cross'] as const
).map((shape, i) => ({
  shape,
  colour: ['var(--quiet)', 'var(--accent)', 'var(--vermillion)', 'var(--purple)'][i % 4],
  hollow: i >= 4,
  size: 0.8,
}));

interface LinesProps {
  readonly report: TaskReport;
  readonly curve: TaskReport['curves'][number];
}

function Lines({ report, curve }: LinesProps) {
  const { left, right, height } = PLOT;
  const top = 48;
  const { x: across, y: up, along, lines } = curveLines(report, curve);
  // Of a few values each is named.
  const marks = along.length <= FEW ? along : ticksOf(across);
  const x = (value: number) => left + (right - left) * placeOn(across, value);
  const y = (value: number) => top + height * (1 - placeOn(up, value));
  const round = (value: number) => Math.round(10 * value) / 10;
  const words = lines.map(
    ({ name, points }) =>
      `${name}: ${points[0].y.toFixed(1)} at ${along[0]}, ${points.at(-1)!.y.toFixed(1)} at ${along.at(-1)}.`,
  );
  return (
    <Frame id={curve.id} title={curve.label} words={words.join(' ')} height={top + height + 60}>
      <text className="heading" x={MARGIN} y={24}>
        {curve.label}, mean over the seeds
      </text>
      {ticksOf(up).map((value, i) => (
        <g key={value} className="small">
          <line x1={left} x2={right} y1={round(y(value))} y2={round(y(value))} stroke="var(--line)" />
          <text x={left - 8} y={round(y(value)) + 4} textAnchor="end">
            {tickTexts(ticksOf(up))[i]}
          </text>
        </g>
      ))}
      {marks.map((value, i) => (
        <text key={value} className="small" x={round(x(value))} y={top + height + 20} textAnchor="middle">
          {tickTexts(marks)[i]}
        </text>
      ))}
      <text x={(left + right) / 2} y={top + height + 42} textAnchor="middle">
        {curve.along}
      </text>
      {lines.map(({ id, name, points: own }, row) => {
        const look = LOOKS[row % LOOKS.length];
        const points = own.map((point) => [round(x(point.x)), round(y(point.y))]);
        const marked = points.filter(
          (_, i) => i % Math.ceil(points.length / 8) === row % Math.ceil(points.length / 8),
        );
        return (
          <g key={id}>
            <polyline
              points={points.map((point) => point.join(',')).join(' ')}
              fill="none"
              stroke={look.colour}
            />
            {marked.map(([at, value]) => (
              <Mark key={at} look={look} x={at} y={value} />
            ))}
            <Mark look={look} x={right + 24} y={top + 12 + 24 * row} />
            <text x={right + 38} y={top + 16 + 24 * row}>
              {name}
            </text>
          </g>
        );
      })}
    </Frame>
  );
}

type SheetShown = NonNullable<TaskReport['sheets']>[number];

/** Of a field's picture, in pixels. */
const FIELD = 132;
const GAP = 14;

/** Fields side by side: a row for each network, a column for each moment. */
function Sheet({ sheet: { id, title, size, columns, rows } }: { sheet: SheetShown }) {
  const top = 66;
  const left = LABELS - 10;
  const words = `${rows.map(({ label }) => label).join(', ')}; ${columns.join(', ')}. Blue turns one way, red the other, white not at all.`;
  return (
    <Frame id={id} title={title} words={words} height={top + rows.length * (FIELD + GAP) + 26}>
      <text className="heading" x={MARGIN} y={24}>
        {title}
      </text>
      {columns.map((column, i) => (
        <text key={column} x={left + (FIELD + GAP) * i + FIELD / 2} y={top - 10} textAnchor="middle">
          {column}
        </text>
      ))}
      {rows.map(({ label, grids }, row) => {
        const y = top + row * (FIELD + GAP);
        return (
          <g key={label}>
            <text x={left - 14} y={y + FIELD / 2 + 4} textAnchor="end">
              {label}
            </text>
            {grids.map((grid, i) => (
              <g
                key={columns[i]}
                transform={`translate(${left + (FIELD + GAP) * i} ${y}) scale(${FIELD / size})`}
                shapeRendering="crispEdges"
              >
                {pathsOf(grid, size).map(({ colour, path }) => (
                  <path key={colour} d={path} fill={colour} />
                ))}
              </g>
            ))}
          </g>
        );
      })}
      <text className="small" x={MARGIN} y={top + rows.length * (FIELD + GAP) + 12}>
        Blue turns one way, red the other, white not at all; one scale for all of them.
      </text>
    </Frame>
  );
}

/** A grid as one path for each colour: runs of places along the rows. */
function pathsOf(grid: readonly number[], size: number): { colour: string; path: string }[] {
  const paths = new Map<number, string>();
  for (let at = 0; at < grid.length; ) {
    const [x, y] = [at % size, Math.floor(at / size)];
    let length = 1;
    while (x + length < size && grid[at + length] === grid[at]) length++;
    paths.set(grid[at], `${paths.get(grid[at]) ?? ''}M${x} ${y}h${length}v1h-${length}z`);
    at += length;
  }
  const middle = (TURNING_COLOURS.length - 1) / 2;
  return [...paths].map(([step, path]) => ({ colour: TURNING_COLOURS[middle + step], path }));
}
