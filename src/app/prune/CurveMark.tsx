import type { MarkShape } from '../parts/methods';

/** A small hollow shape on a line, centred at (x, y). */
export function CurveMark({
  shape,
  x,
  y,
  stroke,
}: {
  shape: MarkShape;
  x: number;
  y: number;
  stroke: string;
}) {
  const look = { fill: 'var(--surface)', stroke, strokeWidth: 1.5, strokeDasharray: 'none' };
  if (shape === 'ring') return <circle cx={x} cy={y} r={3} {...look} />;
  return <rect x={x - 2.75} y={y - 2.75} width={5.5} height={5.5} {...look} />;
}
