/**
 * A section of a report as a picture: accuracy and agreement of every row as dots, one per seed, with the mean, and the
 * paper's and the reference's figures as other marks. A whole SVG document, readable in light and in dark; its rows are
 * those of the page (`src/charts`).
 */
import { DotScale, DotTrack, type Tick } from '../../src/charts/DotTrack';
import { marksOf, sourcesOf } from '../../src/charts/figures';
import { Mark } from '../../src/charts/marks';
import {
  accuracyDots,
  agreementDots,
  captionOf,
  type DotRow,
  rowInWords,
} from '../../src/lab/reproduce/dots';
import type { ReportSection } from '../../src/lab/reproduce/report';
import { Frame, WIDTH } from './Frame';
import { svgDocument, wrapWords } from './picture';

const ROW = 26;
const MARGIN = 16;
/** Where labels end and the two panels lie, in pixels from the left. */
const LABELS = 300;
const ACCURACY = { left: LABELS + 16, right: 650 };
const AGREEMENT = { left: 690, right: WIDTH - MARGIN - 8 };
/** Of a line of text. */
const CHARACTERS = 108;

const ticksAt = (...percents: number[]): Tick[] =>
  percents.map((percent) => ({ at: percent / 100, text: String(percent) }));
const ACCURACY_TICKS = ticksAt(0, 20, 40, 60, 80, 100);
const AGREEMENT_TICKS = ticksAt(0, 25, 50, 75, 100);

/** The chart of one section, as a whole SVG document, an element a line. */
export async function sectionChart(section: ReportSection): Promise<string> {
  return svgDocument(<SectionChart section={section} />);
}

function SectionChart({ section }: { section: ReportSection }) {
  const { id, title, rows } = section;
  const accuracy = accuracyDots(section);
  const heading = wrapWords(title, CHARACTERS - 18);
  const caption = wrapWords(captionOf(section), CHARACTERS + 22);
  const top = 67 + 17 * heading.length;
  const bottom = top + rows.length * ROW;
  const height = bottom + 56 + 16 * caption.length;
  return (
    <Frame id={id} title={title} words={rows.map(rowInWords).join(' ')} height={height}>
      {heading.map((line, i) => (
        <text key={line} className="heading" x={MARGIN} y={24 + 17 * i}>
          {line}
        </text>
      ))}
      <Legend rows={accuracy} y={35 + 17 * heading.length} />
      {rows.map(({ id, label }, i) => (
        <text key={id} x={LABELS} y={top + ROW * (i + 0.5) + 4} textAnchor="end">
          {label}
        </text>
      ))}
      <Panel {...ACCURACY} name="test accuracy, %" ticks={ACCURACY_TICKS} rows={accuracy} top={top} />
      <Panel
        {...AGREEMENT}
        name="agreement, %"
        ticks={AGREEMENT_TICKS}
        rows={agreementDots(section)}
        top={top}
      />
      {caption.map((line, i) => (
        <text key={line} className="small" x={MARGIN} y={bottom + 56 + 16 * i}>
          {line}
        </text>
      ))}
    </Frame>
  );
}

interface PanelProps {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly ticks: readonly Tick[];
  readonly rows: readonly DotRow[];
}

function Panel({ name, left, right, top, ticks, rows }: PanelProps) {
  const bottom = top + ROW * rows.length;
  const place = { x: left, width: right - left };
  return (
    <>
      {rows.map((row, i) => (
        <DotTrack
          key={row.id}
          {...place}
          y={top + ROW * i}
          height={ROW}
          ticks={ticks}
          marks={marksOf(row)}
          interval={row.interval}
        />
      ))}
      <g className="small">
        <DotScale {...place} y={bottom} height={16} ticks={ticks} />
      </g>
      <text x={(left + right) / 2} y={bottom + 34} textAnchor="middle">
        {name}
      </text>
    </>
  );
}

function Legend({ rows, y }: { rows: readonly DotRow[]; y: number }) {
  const places = [ACCURACY.left, AGREEMENT.left - 44, AGREEMENT.left + 46];
  return sourcesOf(rows).map(({ name, looks }, i) => (
    <g key={name}>
      {looks.map((look) => (
        <Mark key={look.shape} look={look} x={places[i]} y={y} />
      ))}
      <text className="small" x={places[i] + 12} y={y + 4}>
        {name}
      </text>
    </g>
  ));
}
