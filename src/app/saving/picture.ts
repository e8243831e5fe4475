/**
 * What is seen of a figure as a PNG: its heading above, where the figures come from below, in the page's own colours.
 * Loaded when something is saved, not with the page.
 */
import type { Table } from '../../state/page/table';
import { seen } from './seen';

/** Pixels of the picture for one of the page. */
const SCALE = 2;
const MARGIN = 20;
const HEADING = { font: "600 17px 'Inter Variable', system-ui, sans-serif", line: 24 };
const NOTE = { font: "400 12px 'Inter Variable', system-ui, sans-serif", line: 17 };

/** Left out: what can only be pressed, and what is only read out. */
const LEFT_OUT = '[data-unsaved], .spoken';

/** Not to be seen on the page, which says it elsewhere: it goes below the figure. */
const BELOW = '[data-saved-below]';

/** The picture's bytes as a blob. Throws where the browser cannot make it. */
export async function pictureOf(element: Element, { title, source }: Table): Promise<Blob> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const figure = await seen(element, SCALE, LEFT_OUT);
  const below = element.querySelector(BELOW);
  const legend = below && (await seen(below, SCALE, LEFT_OUT));
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas');
  const width = figure.width / SCALE;
  const heading = wrapText(context, HEADING.font, title, width);
  const facts = Object.entries(source).filter(([, value]) => value !== null && value !== '');
  const notes = facts
    .filter(([name]) => name !== 'link')
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`)
    .join(' · ');
  const note = [
    ...wrapText(context, NOTE.font, notes, width),
    ...wrapText(context, NOTE.font, `${source.link ?? ''}`, width),
  ];
  const top = MARGIN + heading.length * HEADING.line + 8;
  const end = top + figure.height / SCALE;
  const bottom = end + (legend ? legend.height / SCALE : 0) + 10;
  canvas.width = figure.width + 2 * MARGIN * SCALE;
  canvas.height = Math.ceil((bottom + note.length * NOTE.line + MARGIN - 4) * SCALE);
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(figure, MARGIN * SCALE, top * SCALE);
  if (legend) context.drawImage(legend, MARGIN * SCALE, end * SCALE);
  context.scale(SCALE, SCALE);
  context.textBaseline = 'top';
  const write = ({ font, line }: typeof HEADING, ink: string, lines: readonly string[], from: number) => {
    context.font = font;
    context.fillStyle = colour(ink);
    lines.forEach((text, i) => {
      context.fillText(text, MARGIN, from + i * line);
    });
  };
  write(HEADING, '--ink', heading, MARGIN);
  write(NOTE, '--quiet', note, bottom);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('it is too large'))), 'image/png');
  });
}

/** Text in lines no wider than the picture; a word that is wider by itself, such as a link, is cut where it must be. */
function wrapText(context: CanvasRenderingContext2D, font: string, text: string, width: number): string[] {
  context.font = font;
  const fits = (line: string) => context.measureText(line).width <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = '';
    for (const letter of word) {
      if (!fits(line + letter) && line) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return line ? [...lines, line] : lines;
}
