/** The pruned network measured beside the whole one: really extracted, on the validation tiles and on this device. */
import { Button, Group, Loader, Title } from '@mantine/core';
import type { TrunkFigures } from '../../lab/prune/trunk/trunk';
import { modelFile } from '../../state/drivers/session';
import { retryTrunk } from '../../state/drivers/trunk';
import { useFields } from '../../state/fields/fields';
import { pointHere, useTrunk } from '../../state/fields/trunkState';
import { useLab } from '../../state/page/lab';
import { measuredSentence, worstOf } from '../../state/words/fields';
import {
  bytes,
  count,
  gain,
  less,
  maybeBytes,
  maybeLess,
  millions,
  percent,
  small,
  whole,
} from '../../state/words/format';
import type { TrunkPoint } from '../../storage/rows';
import { DownloadButton } from '../parts/DownloadButton';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import { progressText } from '../parts/progress';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './FiguresCard.module.css';
import { figuresTable } from './tables';
import { type Third, useThird } from './third';

export function FiguresCard() {
  const settled = useFields(({ settled }) => settled);
  const point = useTrunk((state) => pointHere(state, settled));
  const third = useThird(point);
  const doing = useTrunk(({ doing }) => doing);
  return (
    <section className="card" aria-labelledby="measured-title" aria-busy={doing === 'measuring'}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4" id="measured-title">
          Measured
        </Title>
        {point && (
          <SaveMenu what="figures before and after" table={() => figuresTable(point)} picture="table" />
        )}
      </Group>
      <Status measured={point !== undefined} />
      <p
        className={classes.sentence}
        aria-live="polite"
        data-testid="fields-measured"
        data-known={point !== undefined}
      >
        {point && measuredSentence(point.result)}
      </p>
      <Figures point={point} third={third} />
      <Group justify="flex-end" mih={30} mt={8}>
        <DownloadButton
          label="Save pruned network"
          name="orbit-lab-trunk-pruned.safetensors"
          disabled={!point?.key}
          load={() => modelFile(point!.key!)}
        />
      </Group>
    </section>
  );
}

/** What is being done, or what went wrong. */
function Status({ measured }: { measured: boolean }) {
  const doing = useTrunk(({ doing }) => doing);
  const progress = useTrunk(({ progress }) => progress);
  const trouble = useTrunk(({ trouble }) => trouble);
  const problem = useTrunk(({ problem }) => problem);
  const units = useFields(({ settled }) => settled.units);
  if (trouble) {
    return (
      <div className={classes.trouble} role="alert">
        <p>{trouble}</p>
        <Button size="xs" variant="default" onClick={retryTrunk}>
          Try again
        </Button>
      </div>
    );
  }
  // What is found out beforehand for later goes on unseen.
  const isWorking = doing === 'measuring' || (doing === 'ranking' && !measured);
  const waiting = problem ? 'Nothing to measure.' : 'Measured when the controls rest.';
  const text = isWorking ? progressText(progress) : measured ? MEASURED[units] : waiting;
  return (
    <p className={`caption ${classes.status}`} role="status">
      {isWorking && <Loader size={12} aria-hidden="true" />}
      {text}
    </p>
  );
}

/** How what is shown came about. */
const MEASURED = {
  fields: 'Really extracted, and run. As pruned, not fine-tuned.',
  orbits: 'Really extracted, and run. As pruned, not fine-tuned.',
  channels: 'Silenced in a network of the same size, and run; whole fields of the same share beside.',
} as const;

const TURNS = ['0°', '90°', '180°', '270°'];

function Figures({ point, third }: { point: TrunkPoint | undefined; third: Third | undefined }) {
  const seed = useLab(({ opened }) => opened?.split.seed ?? 0);
  const result = point?.result;
  const columns: (TrunkFigures | undefined)[] = [result?.before, result?.after];
  if (third) columns.push(third.figures);
  const isNaive = point?.choice.units === 'channels';
  const tiles = result ? count(result.before.n, 'validation tile') : 'the validation tiles';
  const cells = (write: (figures: TrunkFigures) => string, note?: (figures: TrunkFigures) => string) =>
    columns.map((figures, i) => (
      <td key={i}>
        {figures ? write(figures) : '–'}
        {note && <small>{figures && i > 0 ? note(figures) : ''}</small>}
      </td>
    ));
  return (
    <FiguresTable look="changes" className={classes.table} testId="fields-figures">
      <thead>
        <tr>
          <th scope="col">
            <span className="spoken">Figure</span>
          </th>
          <th scope="col">Whole</th>
          <th scope="col">{isNaive ? 'Channels' : 'Pruned'}</th>
          {third && <th scope="col">{third.name}</th>}
        </tr>
      </thead>
      <tbody>
        {TURNS.map((turn, t) => (
          <tr key={turn} data-first={t === 0 || undefined}>
            <th scope="row">
              <Explained
                text={`Share of ${tiles} (split seed ${seed}) answered rightly when they are turned by ${turn}, an exact permutation of their pixels.`}
              >
                Accuracy, {turn}
              </Explained>
            </th>
            {cells(
              ({ turned }) => percent(turned[t]),
              t === 0 ? ({ turned }) => gain(result!.before.turned[0], turned[0]) : undefined,
            )}
          </tr>
        ))}
        <tr>
          <th scope="row">
            <Explained
              term="agreement"
              text={`Share of the decided ones of ${tiles} with the same answer at all four turns.`}
            >
              Agreement
            </Explained>
          </th>
          {cells(({ agreement }) => percent(agreement))}
        </tr>
        <tr>
          <th scope="row">
            <Explained
              term="undecided"
              text="Tiles whose two best answers are too close to call at some turn; they are left out of the agreement."
            >
              Undecided
            </Explained>
          </th>
          {cells(({ undecided }) => whole(undecided))}
        </tr>
        <tr>
          <th scope="row">
            <Explained
              term="equivariance-error"
              text="The largest of all layers, on eight validation tiles; see the meter below."
            >
              Equivariance error
            </Explained>
          </th>
          {cells(({ errors }) => small(worstOf(errors)))}
        </tr>
        <tr>
          <th scope="row">Parameters</th>
          {cells(
            ({ params }) => whole(params),
            ({ params }) => less(result!.before.params, params),
          )}
        </tr>
        <tr>
          <th scope="row">Multiply-adds</th>
          {cells(
            ({ macs }) => millions(macs),
            ({ macs }) => less(result!.before.macs, macs),
          )}
        </tr>
        <tr>
          <th scope="row">
            <Explained text="The tensors of the lab's own file: filters shared by all orientations, norms beside them.">
              Stored here
            </Explained>
          </th>
          {cells(
            ({ bytes: stored }) => bytes(stored),
            ({ bytes: stored }) => less(result!.before.bytes, stored),
          )}
        </tr>
        <tr>
          <th scope="row">
            <Explained text="The tensors of the file taken along, which runs without the lab: filters expanded to ordinary ones, norms folded in.">
              Exported
            </Explained>
          </th>
          {cells(
            ({ exported }) => maybeBytes(exported),
            ({ exported }) => maybeLess(result!.before.exported, exported),
          )}
        </tr>
        <tr>
          <th scope="row">
            <Explained text="Time of a forward pass against the whole network's, both timed in turn in the same run on this device: medians of up to 15 passes of 16 tiles. Below 1 is faster.">
              Time, ratio
            </Explained>
          </th>
          <td>{result?.latency ? '1' : '–'}</td>
          <td>
            {result?.latency ? ratioOf(result.latency) : '–'}
            <small>
              {result?.latency && `${milli(result.latency.before)} → ${milli(result.latency.after)} ms`}
            </small>
          </td>
          {third && <td>{third.latency ? ratioOf(third.latency) : '–'}</td>}
        </tr>
      </tbody>
    </FiguresTable>
  );
}

const ratioOf = ({ before, after }: { readonly before: number; readonly after: number }): string =>
  (after / before).toFixed(2);

const milli = (seconds: number): string => (1000 * seconds).toFixed(2);
