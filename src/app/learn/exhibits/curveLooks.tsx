/** How drawn and measured curves look, and the same for those who do not see them. */
import { HANDLES, shareAt } from '../../../state/learn/sketch';
import { percent, wholePercent } from '../../../state/words/format';
import type { LineLook } from '../../charts/Legend';
import classes from './SketchBoard.module.css';

export const YOURS: LineLook = { colour: 'var(--orange)', dash: '7 5' };
export const MEASURED: LineLook = { colour: 'var(--accent)' };
export const NEIGHBOURS: LineLook = { colour: 'var(--purple)', dash: '2 4' };

/** Of a path. */
export const lineOf = ({ colour, dash }: LineLook) => ({
  className: classes.line,
  stroke: colour,
  strokeDasharray: dash,
});

interface Props {
  /** Accuracies by step (`sketch.ts`). */
  readonly by: readonly number[];
  readonly measured: readonly number[];
  readonly neighbour: readonly number[] | null;
}

export function CurveTable({ by, measured, neighbour }: Props) {
  return (
    <table className="spoken">
      <caption>As drawn and as measured</caption>
      <tbody>
        <tr>
          <th scope="col">Removed</th>
          <th scope="col">Drawn</th>
          <th scope="col">Measured</th>
          {neighbour && <th scope="col">Drawn by a neighbour</th>}
        </tr>
        {[0, ...HANDLES].map((step) => (
          <tr key={step}>
            <th scope="row">{wholePercent(shareAt(step))}</th>
            <td>{percent(by[step])}</td>
            <td>{percent(measured[step])}</td>
            {neighbour && <td>{percent(neighbour[step])}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
