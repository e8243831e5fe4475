/** The rotation check: accuracy and changed answers of all networks when the same tiles are turned. */
import { Group, Title } from '@mantine/core';
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { percent } from '../../state/words/format';
import { rotationSentence, turnedSentence, undecidedSentence } from '../../state/words/prune';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './RotationCard.module.css';
import { usePoints, useSheet } from './selectors';
import { rotationTable, type Turned } from './tables';

const TURNS = ['0°', '90°', '180°', '270°'];

interface Series extends Turned {
  readonly className: string;
}

export function RotationCard({ className }: { className: string }) {
  const sheet = useSheet();
  const { tiles, units } = sheet;
  const series = useSeries();
  const removed = useExperiment(({ setting }) => setting.removed);
  const held = useLab(({ opened }) => opened?.nets.peer != null);
  const facts = series
    .filter(({ now }) => now !== null)
    .map(({ name, changed, undecided }) => ({ name: `the ${name} network`, changed, undecided }));
  return (
    <section className={`card ${className}`} aria-labelledby="rotation-title">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4" id="rotation-title">
          Turn the tiles
        </Title>
        <SaveMenu
          what="accuracy by turn"
          table={() => {
            const { setting } = useExperiment.getState();
            return rotationTable(series, setting, sheet, useLab.getState().opened!);
          }}
          picture="figure"
        />
      </Group>
      <p className={classes.sentence} data-testid="rotation-sentence">
        {rotationSentence(facts, tiles)}
      </p>
      <p className={`caption ${classes.note}`} data-testid="undecided-sentence">
        {undecidedSentence(facts)}
      </p>
      <figure className={classes.figure}>
        <ul className={classes.legend}>
          {series.map(({ name, className, now }) => (
            <li key={name} data-absent={now === null || undefined}>
              <span className={`${classes.key} ${className}`} />
              {name}
            </li>
          ))}
          <li>
            <span className={classes.tickKey} />
            before pruning
          </li>
        </ul>
        <Bars series={series} />
        <div className="spoken">
          <Table series={series} />
        </div>
        <figcaption className="caption">{turnedSentence(tiles, removed / units, held)}</figcaption>
      </figure>
    </section>
  );
}

function useSeries(): Series[] {
  const main = usePoints('main');
  const peer = usePoints('peer');
  const nets = useLab(({ opened }) => opened!.nets);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const series = [
    { name: nets.main.name, className: classes.main, points: main },
    ...(nets.peer ? [{ name: nets.peer.name, className: classes.peer, points: peer }] : []),
  ].map(
    ({ name, className, points }): Series => ({
      name,
      className,
      now: points?.now.turned ?? null,
      before: points?.before.turned ?? null,
      changed: points?.now.changed ?? 0,
      undecided: points?.now.undecided ?? 0,
    }),
  );
  const result = tuned?.status === 'done' ? tuned.result : null;
  const fineTuned: Series = {
    name: `fine-tuned ${nets.main.name}`,
    className: classes.tuned,
    now: result?.turned ?? null,
    before: null,
    changed: result?.changed ?? 0,
    undecided: result?.undecided ?? 0,
  };
  // Its place is kept while there is none, so that nothing jumps.
  return [...series, fineTuned];
}

function Bars({ series }: { series: readonly Series[] }) {
  return (
    <div className={classes.chart} aria-hidden="true">
      <div className={classes.axis}>
        {[100, 80, 60, 40, 20, 0].map((value) => (
          <span key={value} style={{ bottom: `${value}%` }}>
            {value}
          </span>
        ))}
      </div>
      <div className={classes.groups}>
        {TURNS.map((turn, t) => (
          <div key={turn} className={classes.group}>
            <div className={classes.bars}>
              {series.map(({ name, className, now, before }) => (
                <div key={name} className={classes.slot}>
                  {now && (
                    <div className={`${classes.bar} ${className}`} style={{ height: `${100 * now[t]}%` }} />
                  )}
                  {before && <div className={classes.tick} style={{ bottom: `${100 * before[t]}%` }} />}
                  <span className={classes.value}>{now ? Math.round(100 * now[t]) : '–'}</span>
                </div>
              ))}
            </div>
            <span className={classes.turn}>{turn}</span>
          </div>
        ))}
      </div>
      <span className={classes.unit}>Accuracy, %</span>
    </div>
  );
}

/** The bars' figures for those who do not see them. */
function Table({ series }: { series: readonly Series[] }) {
  return (
    <table>
      <caption>Accuracy by turn</caption>
      <thead>
        <tr>
          <th scope="col">Network</th>
          {TURNS.map((turn) => (
            <th key={turn} scope="col">
              {turn}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {series.map(({ name, now }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {TURNS.map((turn, t) => (
              <td key={turn}>{now ? percent(now[t]) : 'none yet'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
