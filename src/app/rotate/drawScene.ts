/** Draws a scene with the classes of its cells over it, turned by quarter turns: picture, grid and map turn as one. */

import { answerSquare, type Grid } from '../../lab/pictures/cut';
import type { Preview } from '../../lab/pictures/preview';
import type { ClassMap } from '../../lab/scenes/cells';
import { classColour } from '../../lab/scenes/classColours';

/** The longest side of the drawing, in pixels. */
const SIDE = 1024;

export interface Drawn {
  /** The upright picture: its size in pixels, and what it looks like. */
  readonly picture: { readonly width: number; readonly height: number };
  readonly preview: Preview;
  /** The map at this turn, turned back; null while it is not there. */
  readonly map: ClassMap | null;
  /** The upright map, against which cells that changed are marked. */
  readonly upright: ClassMap | null;
  readonly turn: number;
  readonly opacity: number;
  readonly cell: number | null;
}

/** Pixels of the drawing along one of the picture. */
const scaleOf = ({ width, height }: Drawn['picture']): number => SIDE / Math.max(width, height);

export function drawScene(canvas: HTMLCanvasElement, drawn: Drawn): void {
  const { picture, map, upright, turn, opacity, cell } = drawn;
  const scale = scaleOf(picture);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const isAcross = turn % 2 === 1;
  canvas.width = Math.round(isAcross ? height : width);
  canvas.height = Math.round(isAcross ? width : height);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingEnabled = scale < 1;
  context.translate(canvas.width / 2, canvas.height / 2);
  // The canvas turns clockwise, the lab counter-clockwise.
  context.rotate((-turn * Math.PI) / 2);
  context.scale(scale, scale);
  context.translate(-picture.width / 2, -picture.height / 2);
  drawPreview(context, drawn.preview);
  if (!map) return;
  const { grid, answers, empty } = map;
  context.globalAlpha = opacity;
  for (const [i, answer] of answers.entries()) {
    if (empty[i]) continue;
    context.fillStyle = `rgb(${classColour(answer).join()})`;
    context.fillRect(...rectangle(grid, i));
  }
  context.globalAlpha = 1;
  const line = 2 / scale;
  for (const [i, answer] of answers.entries()) {
    if (upright && upright.answers[i] !== answer) frame(context, grid, i, line, ['#000', '#fff']);
  }
  if (cell !== null && cell < answers.length) frame(context, grid, cell, 1.5 * line, ['#fff', '#0072b2']);
}

function drawPreview(context: CanvasRenderingContext2D, { width, height, data, step }: Preview): void {
  let small = drawings.get(data);
  if (!small) {
    small = new OffscreenCanvas(width, height);
    small.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
    drawings.set(data, small);
  }
  context.drawImage(small, 0, 0, width * step, height * step);
}

/** A scene is drawn anew whenever the pointer moves to another cell. */
const drawings = new WeakMap<Uint8ClampedArray, OffscreenCanvas>();

function rectangle(grid: Grid, i: number): [x: number, y: number, width: number, height: number] {
  const { left, top, side } = answerSquare(grid, i);
  return [left, top, side, side];
}

/** Two lines inside of a cell's border, so that one of them shows on any ground. */
function frame(
  context: CanvasRenderingContext2D,
  grid: Grid,
  i: number,
  line: number,
  colours: readonly [string, string],
): void {
  const [x, y, side] = rectangle(grid, i);
  context.lineWidth = line;
  colours.forEach((colour, n) => {
    const inset = line * (0.5 + n);
    context.strokeStyle = colour;
    context.strokeRect(x + inset, y + inset, side - 2 * inset, side - 2 * inset);
  });
}
