/** The model card: the network on the bench whole, pruned at the slider's position, and fine-tuned there. */
import { Group, SegmentedControl, Title } from '@mantine/core';
import { memo, type ReactNode, useState } from 'react';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { useIsHidden } from '../../state/page/flags';
import type { Term } from '../../state/page/glossary';
import { useLab } from '../../state/page/lab';
import type { Table } from '../../state/page/table';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { curveOf, type Point, pointOf, useSheets } from '../../state/prune/sheets';
import { unitWords } from '../../state/prune/unitNames';
import { bytes, count, gain, less, millions, percent, small, whole } from '../../state/words/format';
import type { Finetuned } from '../../worker/protocol/results';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import { ExtractedFigures } from './ExtractedFigures';
import classes from './NumbersCard.module.css';
import { useCurve, useFigure, useSheet, useTuned } from './selectors';
import { numbersTable } from './tables';

/** `masked`: zeros in a network of the same size; `extracted`: the really smaller one. */
type Form = 'extracted' | 'masked';

const FORMS = [
  { value: 'extracted', label: 'Extracted' },
  { value: 'masked', label: 'Masked' },
];

export function NumbersCard() {
  const [form, setForm] = useState<Form>('extracted');
  const title = useLab(({ opened }) => opened?.nets.main.title);
  const unit = unitWords(useSheet().unit).short;
  return (
    <section className="card" aria-labelledby="numbers-title">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4" id="numbers-title">
          Before and after
        </Title>
        <SaveMenu what="figures before and after" table={tableHere} picture="table" />
      </Group>
      <p className={`caption ${classes.net}`}>{title}</p>
      <FiguresTable look="changes" className={classes.table} testId="numbers">
        <Head />
        <tbody>
          <Answers />
          <Sizes form={form} />
        </tbody>
      </FiguresTable>
      <div className={classes.forms}>
        <Explained
          term="masked-and-extracted"
          text="Masked: zeros in place of what is removed, in a network of the same size: same answers, nothing saved. Extracted: the rows and columns are cut out: same answers, really smaller."
        >
          Removed {unit}s are
        </Explained>
        <SegmentedControl
          size="xs"
          aria-label={`How removed ${unit}s are removed`}
          value={form}
          data={FORMS}
          onChange={(value) => setForm(value as Form)}
        />
      </div>
      <ExtractedFigures />
    </section>
  );
}

/** The figures at the slider's position. */
function tableHere(): Table {
  const sheet = useSheets.getState().main!;
  const state = useExperiment.getState();
  const { setting } = state;
  const tuned = finetuningOf(state, setting);
  return numbersTable(
    sheet,
    curveOf(sheet, setting.method, setting.compensation),
    setting,
    tuned?.status === 'done' ? tuned.result : null,
    useLab.getState().opened!,
  );
}

const Head = memo(function Head() {
  const hidesTuned = useIsHidden('finetuning');
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="spoken">Figure</span>
        </th>
        <th scope="col">
          <Explained text="The network as it was opened, nothing removed here.">Whole</Explained>
        </th>
        <th scope="col">
          <Explained text="At the slider's position, before any fine-tuning.">Pruned</Explained>
        </th>
        {!hidesTuned && (
          <th scope="col">
            <Explained
              term="adaptive-fine-tuning"
              text="Pruned at this position and fine-tuned, at its best epoch; it has the size of the pruned one."
            >
              Fine-tuned
            </Explained>
          </th>
        )}
      </tr>
    </thead>
  );
});

/** What it answers, on the validation tiles. */
function Answers() {
  const sheet = useSheet();
  const { tiles } = sheet;
  const curve = useCurve(sheet);
  const before = pointOf(sheet, curve, 0);
  const seed = useLab(({ opened }) => opened?.split.seed ?? 0);
  const on = `${count(tiles, 'validation tile')} (split seed ${seed})`;
  const interval = (accuracy: number) => {
    const [low, high] = wilsonInterval(accuracy, tiles);
    return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;
  };
  return (
    <>
      <Row
        name="Accuracy"
        term="interval"
        text={`Share of the ${on} whose largest logit is the right class, upright. Below it the 95 % interval (Wilson) that so few tiles leave, in per cent; test tiles are not looked at here.`}
        first
      >
        <Whole note={interval(before.accuracy)}>{percent(before.accuracy)}</Whole>
        <Now
          pick={({ accuracy }) => percent(accuracy)}
          note={({ accuracy }) => interval(accuracy)}
          testId="accuracy"
        />
        <Tuned pick={({ accuracy }) => percent(accuracy)} note={({ accuracy }) => interval(accuracy)} />
      </Row>
      <Row name="Change" text="Accuracy against the whole network's, in points, on the same tiles.">
        <Whole>–</Whole>
        <Now pick={({ accuracy }) => gain(before.accuracy, accuracy)} />
        <Tuned pick={({ accuracy }) => gain(before.accuracy, accuracy)} />
      </Row>
      <Row
        name="Agreement"
        term="agreement"
        text={`Share of the ${on} with the same answer at 0°, 90°, 180° and 270°. Tiles whose two best answers are too close to call at some turn are left out.`}
      >
        <Whole>{percent(before.agreement)}</Whole>
        <Now pick={({ agreement }) => percent(agreement)} />
        <Tuned pick={({ agreement }) => percent(agreement)} />
      </Row>
      <Row
        name="Equivariance error"
        term="equivariance-error"
        text={`Largest change of a logit when a tile is turned by 90°, 180° or 270°, divided by the largest logit; over the ${on}. Around 10⁻⁷ is rounding.`}
      >
        <Whole>{small(before.error)}</Whole>
        <Now pick={({ error }) => small(error)} />
        <Tuned pick={({ error }) => small(error)} />
      </Row>
    </>
  );
}

/** What it costs; masked, the pruned network costs what the whole one does. */
const Sizes = memo(function Sizes({ form }: { form: Form }) {
  const { params, macs, bytes: stored, exported, units } = useSheet();
  const rows = [
    {
      name: 'Parameters',
      text: 'Trained values: weights, biases, scales and shifts, counted from the shapes. For all tiles the same.',
      of: params,
      write: whole,
    },
    {
      name: 'Stored here',
      text: 'All numbers of the network at four bytes each, the running means and variances of its norms included; a saved file adds a short header.',
      of: stored,
      write: bytes,
    },
    {
      name: 'Exported',
      text: 'The same network taken along to run without the lab: filters expanded to ordinary ones, norms folded in. Its file adds a short header.',
      of: exported,
      write: bytes,
    },
    {
      name: 'Multiply-adds',
      term: 'multiply-adds' as const,
      text: 'Multiplications with an addition in one forward pass of one tile, as it is exported: filters written out, norms folded in. Run here, by Fourier over the group, there are fewer: lesson 6 of Learn counts them.',
      of: macs,
      write: millions,
    },
  ];
  // Networks from elsewhere have no form to be taken along.
  return rows
    .filter(({ of }) => !Number.isNaN(of[units]))
    .map(({ name, term, text, of, write }) => {
      const now = (kept: number) => (form === 'masked' ? of[units] : of[kept]);
      return (
        <Row key={name} name={name} term={term} text={text}>
          <Whole>{write(of[units])}</Whole>
          <Now pick={({ kept }) => write(now(kept))} note={({ kept }) => less(of[units], now(kept))} />
          <TunedSize write={(kept) => write(of[kept])} note={(kept) => less(of[units], of[kept])} />
        </Row>
      );
    });
});

function Row({
  name,
  term,
  text,
  first = false,
  children,
}: {
  name: string;
  term?: Term;
  text: string;
  first?: boolean;
  children: ReactNode;
}) {
  return (
    <tr data-first={first || undefined}>
      <RowHead name={name} term={term} text={text} />
      {children}
    </tr>
  );
}

const RowHead = memo(function RowHead({ name, term, text }: { name: string; term?: Term; text: string }) {
  return (
    <th scope="row">
      <Explained term={term} text={text}>
        {name}
      </Explained>
    </th>
  );
});

function Whole({ children, note }: { children: ReactNode; note?: string }) {
  return (
    <td>
      {children}
      {note !== undefined && <small>{note}</small>}
    </td>
  );
}

interface NowProps {
  pick(now: Point): string;
  note?(now: Point): string;
  readonly testId?: string;
}

/** At the slider's position: drawn anew only when its own text changes. */
function Now({ pick, note, testId }: NowProps) {
  const text = useFigure(pick);
  const below = useFigure((now) => note?.(now) ?? '');
  return (
    <td>
      <span data-testid={testId}>{text}</span>
      {note && <small>{below}</small>}
    </td>
  );
}

/** Fine-tuned at the slider's position; its place is kept while there is nothing. */
function Tuned({ pick, note }: { pick(tuned: Finetuned): string; note?(tuned: Finetuned): string }) {
  const tuned = useTuned();
  const isHidden = useIsHidden('finetuning');
  if (isHidden) return null;
  const result = tuned?.status === 'done' ? tuned.result : null;
  return (
    <td>
      {result ? pick(result) : '–'}
      {note && <small>{result && note(result)}</small>}
    </td>
  );
}

/** The fine-tuned network is the extracted one, whatever the pruned one is shown as. */
function TunedSize({ write, note }: { write(kept: number): string; note(kept: number): string }) {
  const done = useTuned()?.status === 'done';
  const isHidden = useIsHidden('finetuning');
  const text = useFigure(({ kept }) => write(kept));
  const below = useFigure(({ kept }) => note(kept));
  if (isHidden) return null;
  return (
    <td>
      {done ? text : '–'}
      <small>{done && below}</small>
    </td>
  );
}
