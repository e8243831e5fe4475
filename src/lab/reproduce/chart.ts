/**
 * A section of a report as a picture: accuracy and agreement of every row as dots, one per seed, with the mean, and the
 * paper's and the reference's figures as other marks. A pure function to SVG text, readable in light and in dark.
 */
import { share, whole } from './format';
import type { ReportRow, ReportSection } from './report';

const WIDTH = 880;
const ROW = 26;
const TOP = 84;
const MARGIN = 16;
/** Where labels end and the two panels lie, in pixels from the left. */
const LABELS = 300;
const ACCURACY = { left: LABELS + 16, right: 650, ticks: [0, 20, 40, 60, 80, 100] };
const AGREEMENT = { left: 690, right: WIDTH - MARGIN - 8, ticks: [0, 25, 50, 75, 100] };
const CHARACTERS = 108;

type Panel = typeof ACCURACY;

/** The chart of one section, as a whole SVG document. */
export function sectionChart(section: ReportSection): string {
  const { id, title, rows, data } = section;
  const bottom = TOP + rows.length * ROW;
  const caption = wrapWords(
    `${data.title}, ${whole(data.splits.test)} test tiles. Each dot is a seed, the bar their mean. Agreement: share of the ` +
      `decided test tiles with the same answer at 0°, 90°, 180° and 270°. ${othersOf(rows)}`,
    CHARACTERS + 22,
  );
  const heading = wrapWords(title, CHARACTERS - 18);
  const height = bottom + 56 + 16 * caption.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(rows.map(inWords).join(' '))}</desc>`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="6"/>`,
    ...heading.map((line, i) => text(MARGIN, 24 + 17 * i, line, 'heading')),
    legend(rows, 52 + 17 * (heading.length - 1)),
    axis(ACCURACY, 'test accuracy, %', bottom),
    axis(AGREEMENT, 'agreement, %', bottom),
    ...rows.flatMap((row, i) => rowMarks(row, TOP + ROW * (i + 0.5))),
    ...caption.map((line, i) => text(MARGIN, bottom + 56 + 16 * i, line, 'small')),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `<style>
svg { color: #1d2530; --ground: #ffffff; --lab: #0b6bcb; --paper: #b3480a; --reference: #6b4fb3; }
@media (prefers-color-scheme: dark) {
  svg { color: #e6e9ee; --ground: #14181f; --lab: #6cb2ff; --paper: #ff9d5c; --reference: #b9a2ff; }
}
text { font: 13px system-ui, sans-serif; fill: currentColor; }
.heading { font-weight: 600; font-size: 15px; }
.small { font-size: 12px; opacity: 0.8; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.ground { fill: var(--ground); }
.grid { stroke: currentColor; opacity: 0.15; }
.lab { fill: var(--lab); fill-opacity: 0.6; }
.mean { stroke: var(--lab); stroke-width: 2.5; }
.paper { fill: none; stroke: var(--paper); stroke-width: 2; }
.reference { fill: none; stroke: var(--reference); stroke-width: 2; }
</style>`;

function rowMarks({ label, paper, reference, lab }: ReportRow, y: number): string[] {
  return [
    text(LABELS, y + 4, label, 'end'),
    ...(paper?.accuracy === undefined ? [] : [diamond(at(ACCURACY, paper.accuracy), y)]),
    ...(reference?.accuracy === undefined ? [] : [square(at(ACCURACY, reference.accuracy), y)]),
    ...figureMarks(ACCURACY, lab.accuracy, y),
    ...figureMarks(AGREEMENT, lab.agreement, y),
  ];
}

function figureMarks(panel: Panel, { mean, values }: ReportRow['lab']['accuracy'], y: number): string[] {
  const x = at(panel, mean);
  return [
    `<path class="mean" d="M${x} ${y - 8}V${y + 8}"/>`,
    ...values.map((value) => `<circle class="lab" cx="${at(panel, value)}" cy="${y}" r="4"/>`),
  ];
}

function axis(panel: Panel, label: string, bottom: number): string {
  const ticks = panel.ticks.flatMap((tick) => {
    const x = at(panel, tick / 100);
    return [
      `<path class="grid" d="M${x} ${TOP - 4}V${bottom}"/>`,
      text(x, bottom + 16, String(tick), 'small middle'),
    ];
  });
  return [...ticks, text((panel.left + panel.right) / 2, bottom + 34, label, 'middle')].join('\n');
}

function legend(rows: readonly ReportRow[], y: number): string {
  const x = ACCURACY.left;
  const entry = (left: number, mark: string, words: string) =>
    `${mark}${text(left + 12, y + 4, words, 'small')}`;
  const own = `<path class="mean" d="M${x} ${y - 7}V${y + 7}"/><circle class="lab" cx="${x}" cy="${y}" r="4"/>`;
  return [
    entry(x, own, 'the lab'),
    ...(has(rows, 'paper') ? [entry(x + 90, diamond(x + 90, y), 'the paper')] : []),
    ...(has(rows, 'reference') ? [entry(x + 190, square(x + 190, y), 'PyTorch reference')] : []),
  ].join('\n');
}

const has = (rows: readonly ReportRow[], source: 'paper' | 'reference') =>
  rows.some((row) => row[source]?.accuracy !== undefined);

function othersOf(rows: readonly ReportRow[]): string {
  if (has(rows, 'reference')) return 'The paper’s and the reference’s figures are of other tiles.';
  return has(rows, 'paper') ? 'The paper’s figures are of other tiles.' : '';
}

const at = ({ left, right }: Panel, value: number) => Math.round(10 * (left + (right - left) * value)) / 10;
const diamond = (x: number, y: number) => `<path class="paper" d="M${x} ${y - 6}l6 6l-6 6l-6 -6z"/>`;
const square = (x: number, y: number) =>
  `<rect class="reference" x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"/>`;
const text = (x: number, y: number, words: string, kind: string) =>
  `<text x="${x}" y="${y}" class="${kind}">${escapeXml(words)}</text>`;

function inWords({ label, lab, paper }: ReportRow): string {
  const printed = paper?.accuracy === undefined ? '' : `, in the paper ${share(paper.accuracy)}`;
  return `${label}: accuracy ${share(lab.accuracy.mean)}${printed}, agreement ${share(lab.agreement.mean)}.`;
}

/** Lines of at most so many characters, broken at spaces. */
function wrapWords(words: string, characters: number): string[] {
  const lines = [''];
  for (const word of words.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + word.length >= characters) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function escapeXml(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
