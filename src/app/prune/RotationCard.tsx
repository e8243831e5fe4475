/** The rotation check: accuracy and changed answers of all networks when the same tiles are turned. */
import { Group, Title } from '@mantine/core';
import { useIsHidden } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { useExperiment } from '../../state/prune/experiment';
import { percent } from '../../state/words/format';
import { rotationSentence, turnedSentence, undecidedSentence } from '../../state/words/prune';
import { type BarSeries, BeforeKey, GroupedBars } from '../charts/GroupedBars';
import { Legend, SurfaceKey } from '../charts/Legend';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './RotationCard.module.css';
import { usePoints, useSheet, useTuned } from './selectors';
import { rotationTable, type Turned } from './tables';

const TURNS = ['0°', '90°', '180°', '270°'];

type Series = Turned & BarSeries;

export function RotationCard({ className }: { className: string }) {
  const sheet = useSheet();
  const { tiles, units, unit } = sheet;
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
        <Legend
          entries={[
            ...series.map(({ name, className, now }) => ({
              name,
              key: <SurfaceKey className={className} />,
              absent: now === null,
            })),
            { name: 'before pruning', key: <BeforeKey /> },
          ]}
        />
        <GroupedBars groups={TURNS} series={series} unit="Accuracy, %" />
        <div className="spoken">
          <Table series={series} />
        </div>
        <figcaption className="caption">{turnedSentence(tiles, removed / units, held, unit)}</figcaption>
      </figure>
    </section>
  );
}

function useSeries(): Series[] {
  const main = usePoints('main');
  const peer = usePoints('peer');
  const nets = useLab(({ opened }) => opened!.nets);
  const tuned = useTuned();
  const hidesTuned = useIsHidden('finetuning');
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
  if (hidesTuned) return series;
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
