/**
 * How the last layer decides: each hidden neuron, times the weight that it is read with, adds to a class or takes from it;
 * the class with the largest sum is the answer. Columns are neurons, rows classes, as bars their sums.
 */
import { useEffect, useRef } from 'react';
import type { LastLayer } from '../../../lab/prune/counterexamples/inside';
import { paintRgba } from '../../parts/paint';
import classes from './Changed.module.css';

interface Props {
  readonly title: string;
  /** Of one tile. */
  readonly hidden: Float32Array;
  readonly last: LastLayer;
  readonly names: readonly string[];
  /** Class indices: in truth, and as answered. */
  readonly label: number;
  readonly answer: number;
}

const ADDS = [0, 114, 178];
const TAKES = [213, 94, 0];

export function Votes({ title, hidden, last, names, label, answer }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [units, count] = [hidden.length, names.length];
  const sums = names.map((_, k) =>
    hidden.reduce((sum, value, j) => sum + value * last.weights[j * count + k], last.bias[k]),
  );
  useEffect(() => {
    const votes = last.weights.map((weight, i) => weight * hidden[Math.floor(i / count)]);
    const largest = votes.reduce((most, vote) => Math.max(most, Math.abs(vote)), 0) || 1;
    const rgba = new Uint8ClampedArray(4 * units * count);
    votes.forEach((vote, i) => {
      const [j, k] = [Math.floor(i / count), i % count];
      rgba.set(
        [...(vote > 0 ? ADDS : TAKES), 255 * Math.sqrt(Math.abs(vote) / largest)],
        4 * (k * units + j),
      );
    });
    paintRgba(canvas.current, units, count, rgba);
  }, [hidden, last, units, count]);
  const [low, high] = [Math.min(0, ...sums), Math.max(0, ...sums)];
  const share = (value: number) => (100 * value) / (high - low || 1);
  return (
    <figure className={classes.votes} data-wrong={answer !== label || undefined} data-testid="votes">
      <figcaption>
        {title}: <strong>{names[answer]}</strong> {answer === label ? '✓' : '↯'}
      </figcaption>
      <div className={classes.names}>
        {names.map((name, k) => (
          <span key={name} data-said={k === answer || undefined}>
            {name}
            <span className="spoken"> {sums[k].toFixed(1)}</span>
          </span>
        ))}
      </div>
      <canvas ref={canvas} width={units} height={count} />
      <div className={classes.scores} aria-hidden="true">
        {names.map((name, k) => (
          <span key={name} data-said={k === answer || undefined}>
            <i
              style={{ left: `${share(Math.min(0, sums[k]) - low)}%`, width: `${share(Math.abs(sums[k]))}%` }}
            />
          </span>
        ))}
      </div>
    </figure>
  );
}
