/** Finding cells of a scene that lies turned before the reader: from a point, and by arrow keys. */
import { answerSquare, type Grid } from '../../lab/pictures/cut';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A direction on the turned scene as one on the upright scene; y points down. */
export function turnDirectionBack([x, y]: readonly [number, number], turn: number): [number, number] {
  let at: [number, number] = [x, y];
  for (let t = 0; t < turn; t++) at = [-at[1] || 0, at[0]];
  return at;
}

/**
 * The cell whose answer lies under a point of the turned scene, given as shares (0 … 1) of its width and height; null in the margin.
 *
 * @param size of the upright scene, in pixels.
 */
export function cellUnder(
  grid: Grid,
  { width, height }: Size,
  [across, down]: readonly [number, number],
  turn: number,
): number | null {
  const [x, y] = turnDirectionBack([across - 0.5, down - 0.5], turn);
  const { columns, rows } = grid;
  const { left, top, side } = answerSquare(grid, 0);
  const column = Math.floor(((x + 0.5) * width - left) / side);
  const row = Math.floor(((y + 0.5) * height - top) / side);
  const isInside = column >= 0 && column < columns && row >= 0 && row < rows;
  return isInside ? row * columns + column : null;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The cell an arrow key leads to on the turned scene, no further than its border; undefined for other keys. */
export function cellBeside(
  { columns, rows }: Grid,
  cell: number | null,
  key: string,
  turn: number,
): number | undefined {
  const step = STEPS[key];
  if (!step) return undefined;
  if (cell === null) return 0;
  const [dx, dy] = turnDirectionBack(step, turn);
  const column = Math.min(columns - 1, Math.max(0, (cell % columns) + dx));
  const row = Math.min(rows - 1, Math.max(0, Math.floor(cell / columns) + dy));
  return row * columns + column;
}
