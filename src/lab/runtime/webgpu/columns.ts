/**
 * Sums down the columns of many rows, as channels last have them: a workgroup's threads stand `lanes` across, so that
 * neighbours read neighbouring channels, and `parts` down; each block of columns and chunk of rows has one.
 */
import { type Launch, THREADS } from './program';

/** How many workgroups keep a large GPU busy, and rows of a thread below which no more are worth it. */
const [WORKGROUPS, LEAST_ROWS] = [512, 8];
const MOST_LANES = 64;

/** Members of `u`, as programs of this kind are told them. */
export const COLUMN_NUMBERS = {
  ...({ rows: 'i32', columns: 'i32', lanes: 'i32', parts: 'i32', rowsEach: 'i32' } as const),
};

/**
 * `down(thread, value)`: the sum of a lane's parts, the same for all of them. Begins of bodies: which column is a thread's,
 * and its rows: from `first`, every u.parts-th before `end`.
 */
export const DOWN = `
var<workgroup> lanes: array<f32, ${THREADS}>;
fn down(thread: i32, value: f32) -> f32 {
  lanes[thread] = value;
  workgroupBarrier();
  for (var half = u.parts / 2; half > 0; half /= 2) {
    if (thread < half * u.lanes) { lanes[thread] += lanes[thread + half * u.lanes]; }
    workgroupBarrier();
  }
  let sum = lanes[thread % u.lanes];
  workgroupBarrier();
  return sum;
}`;

export const OWN_COLUMN = `
  let column = group.y * u.lanes + thread % u.lanes;
  let first = group.x * u.rowsEach + thread / u.lanes;
  let end = select(0, min(u.rows, (group.x + 1) * u.rowsEach), column < u.columns);`;

export interface ColumnPlan {
  readonly chunks: number;
  readonly numbers: Readonly<Record<keyof typeof COLUMN_NUMBERS, number>>;
  readonly groups: Launch['groups'];
}

/** `mostChunks`: 1 where a column's sum is wanted at once. */
export function planColumns(rows: number, columns: number, mostChunks = WORKGROUPS): ColumnPlan {
  const lanes = Math.min(MOST_LANES, 1 << (32 - Math.clz32(columns - 1)));
  const parts = THREADS / lanes;
  const blocks = Math.ceil(columns / lanes);
  const enough = Math.min(mostChunks, Math.ceil(WORKGROUPS / blocks));
  const wanted = Math.min(Math.ceil(rows / (parts * LEAST_ROWS)), enough);
  const rowsEach = Math.ceil(rows / wanted);
  const chunks = Math.ceil(rows / rowsEach);
  return { chunks, numbers: { rows, columns, lanes, parts, rowsEach }, groups: [chunks, blocks, 1] };
}
