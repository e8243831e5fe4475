/** How often each class gets each answer, of the right cascade and the wrong ones: tables, shaded by their counts. */
import type { Naming } from '../../../lab/prune/counterexamples/checks';
import { percent } from '../../../state/words/format';
import classes from './Changed.module.css';
import type { ExhibitProps } from './exhibit';

const TITLES = {
  aligned: 'With their own columns',
  misaligned: 'With the first columns',
  're-initialised': 'With a next layer drawn anew',
} as const;

export function NamingBoard({ seen }: ExhibitProps) {
  const { cascades } = seen.broken;
  if (cascades.status !== 'done') return <p className="caption">Nothing is measured at this setting yet.</p>;
  const names = seen.opened.nets.main.classes;
  return (
    <div className={classes.board}>
      <p className="caption">
        Rows: what a tile is in truth; columns: what it is called; figures: how many tiles. Framed: called by
        its name.
      </p>
      <div className={classes.confusions}>
        {(['aligned', 'misaligned', 're-initialised'] as const).map((cascade) => {
          const { naming, accuracy } = cascades.result[cascade];
          return (
            <Confusion
              key={cascade}
              title={`${TITLES[cascade]}: ${percent(accuracy)} right`}
              naming={naming}
              names={names}
            />
          );
        })}
      </div>
    </div>
  );
}

function Confusion({
  title,
  naming,
  names,
}: {
  readonly title: string;
  readonly naming: Naming;
  readonly names: readonly string[];
}) {
  return (
    <table className={classes.confusion}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col" className={classes.corner}>
            In truth
          </th>
          {names.map((name) => (
            <th key={name} scope="col">
              <span>{name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {naming.counts.map((row, label) => {
          const all = row.reduce((sum, each) => sum + each, 0) || 1;
          return (
            <tr key={names[label]}>
              <th scope="row" title={names[label]}>
                {names[label]}
              </th>
              {row.map((tiles, answer) => (
                <td
                  key={names[answer]}
                  data-true={answer === label || undefined}
                  style={{
                    background: `color-mix(in srgb, var(--accent) ${Math.round((45 * tiles) / all)}%, transparent)`,
                  }}
                >
                  {tiles > 0 ? tiles : ''}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
