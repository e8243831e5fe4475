/**
 * The turns on the stage: for each network four bars, one for each quarter turn, and how often it changes its mind. Of
 * elements of our own, which follow the slider within a frame.
 */
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { count, percent, wholePercent } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { usePoints, useSheet } from './selectors';
import classes from './TurnBars.module.css';

const TURNS = ['0°', '90°', '180°', '270°'];

interface Row {
  readonly name: string;
  readonly look: string;
  /** Accuracies by turn; null where nothing is known yet. */
  readonly now: readonly number[] | null;
  readonly before: readonly number[] | null;
  readonly changed: number;
}

export function TurnBars({ className }: { className: string }) {
  const { tiles } = useSheet();
  const rows = useRows();
  return (
    <section className={className} aria-label="Accuracy when the tiles are turned">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="spoken">Network</span>
            </th>
            {TURNS.map((turn) => (
              <th key={turn} scope="col">
                {turn}
              </th>
            ))}
            <th scope="col">
              <Explained
                term="agreement"
                text={`Of the ${count(tiles, 'validation tile')}, those that are answered otherwise at some quarter turn. Tiles too close to call are not counted.`}
              >
                minds changed
              </Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, look, now, before, changed }) => (
            <tr key={look}>
              <th scope="row">{name}</th>
              {TURNS.map((turn, t) => (
                <td key={turn}>
                  <span className={classes.slot} aria-hidden="true">
                    {now && (
                      <span className={`${classes.bar} ${look}`} style={{ height: `${100 * now[t]}%` }} />
                    )}
                    {before && <span className={classes.before} style={{ bottom: `${100 * before[t]}%` }} />}
                  </span>
                  <span className={classes.value}>
                    <span aria-hidden="true">{now ? Math.round(100 * now[t]) : '–'}</span>
                    <span className="spoken">{now ? percent(now[t]) : 'not known yet'}</span>
                  </span>
                </td>
              ))}
              <td className={classes.changed} data-some={(now && changed > 0) || undefined}>
                {now ? changed : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Caption />
    </section>
  );
}

function Caption() {
  const share = useExperiment(({ setting }) => setting.removed);
  const { units } = useSheet();
  return (
    <p className={`caption ${classes.caption}`}>
      Accuracy in per cent, every tile turned, {wholePercent(share / units)} removed. Lines: before pruning.
    </p>
  );
}

function useRows(): Row[] {
  const main = usePoints('main');
  const peer = usePoints('peer');
  const nets = useLab(({ opened }) => opened!.nets);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const result = tuned?.status === 'done' ? tuned.result : null;
  const rows: Row[] = [
    {
      name: result ? `${nets.main.name}, fine-tuned` : nets.main.name,
      look: classes.main,
      now: result?.turned ?? main?.now.turned ?? null,
      before: main?.before.turned ?? null,
      changed: result?.changed ?? main?.now.changed ?? 0,
    },
  ];
  if (nets.peer)
    rows.push({
      // Nobody fine-tunes it: beside one that was, that is said.
      name: result ? `${nets.peer.name}, pruned` : nets.peer.name,
      look: classes.peer,
      now: peer?.now.turned ?? null,
      before: peer?.before.turned ?? null,
      changed: peer?.now.changed ?? 0,
    });
  return rows;
}
