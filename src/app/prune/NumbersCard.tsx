/** The network on the bench before and after pruning. */
import { Title } from '@mantine/core';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { finetuningOf, useExperiment } from '../../stores/experiment';
import { bytes, millions, percent, points, whole, wholePercent } from '../../stores/format';
import { useLab } from '../../stores/lab';
import classes from './NumbersCard.module.css';
import { usePoints, useSheet } from './selectors';

export function NumbersCard() {
  const { before, now } = usePoints('main')!;
  const { tiles } = useSheet();
  const title = useLab(({ opened }) => opened?.nets.main.title);
  const [low, high] = wilsonInterval(now.accuracy, tiles);
  const rows = [
    ['Parameters', whole(before.params), whole(now.params), less(before.params, now.params)],
    ['Stored', bytes(before.bytes), bytes(now.bytes), less(before.bytes, now.bytes)],
    ['Multiply-adds', millions(before.macs), millions(now.macs), less(before.macs, now.macs)],
  ];
  return (
    <section className="card" aria-labelledby="numbers-title">
      <Title order={2} size="h4" id="numbers-title">
        Before and after
      </Title>
      <p className={`caption ${classes.net}`}>{title}</p>
      <table className={classes.table} data-testid="numbers">
        <thead>
          <tr>
            <th scope="col">
              <span className="spoken">Figure</span>
            </th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          <tr className={classes.first}>
            <th scope="row">Accuracy</th>
            <td>{percent(before.accuracy)}</td>
            <td data-testid="accuracy">{percent(now.accuracy)}</td>
            <td>{difference(now.accuracy - before.accuracy)}</td>
          </tr>
          <FinetunedRow baseline={before.accuracy} />
          {rows.map(([name, was, is, change]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{was}</td>
              <td>{is}</td>
              <td>{change}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`caption ${classes.note}`}>
        Accuracy on {tiles} validation tiles; after pruning between {percent(low)} and {percent(high)} at 95
        %. Multiply-adds for one tile.
      </p>
    </section>
  );
}

/** Its place is kept while there is nothing fine-tuned. */
function FinetunedRow({ baseline }: { baseline: number }) {
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const accuracy = tuned?.status === 'done' ? tuned.result.accuracy : null;
  return (
    <tr>
      <th scope="row">Fine-tuned</th>
      <td />
      <td>{accuracy === null ? '–' : percent(accuracy)}</td>
      <td>{accuracy === null ? '–' : difference(accuracy - baseline)}</td>
    </tr>
  );
}

const less = (was: number, is: number): string => (was === is ? '–' : `−${wholePercent(1 - is / was)}`);

/** A difference of accuracies in points, with its sign. */
function difference(change: number): string {
  if (Math.abs(change) < 1e-9) return '–';
  return `${change < 0 ? '−' : '+'}${points(change).replace(/points?$/, 'pt')}`;
}
