/** Fields that the forms of runs have in common: the data set, the design, a choice that explains itself, numbers. */
import {
  Anchor,
  Button,
  Collapse,
  NumberInput,
  SegmentedControl,
  Select,
  UnstyledButton,
} from '@mantine/core';
import { type ReactNode, useEffect, useId, useState } from 'react';
import type { z } from 'zod';
import { useTraining } from '../../state/drivers/training';
import type { Term } from '../../state/page/glossary';
import { showView } from '../../state/page/view';
import { DESIGN_IDS } from '../../state/train/designs';
import type { PlanData } from '../../state/train/plan';
import { count } from '../../state/words/format';
import { ARCH_WORDS, busyWords } from '../../state/words/train';
import { LabelledField } from './LabelledField';
import { RunBeside } from './RunBeside';
import classes from './RunFields.module.css';

interface DataProps {
  readonly value: string;
  readonly datasets: readonly PlanData[];
  onChange(id: string): void;
}

export function DataField({ value, datasets, onChange }: DataProps) {
  const data = datasets.find(({ id }) => id === value);
  const known = datasets.map(({ id, title }) => ({ value: id, label: title }));
  // One that is named in the link but not kept here stays named.
  const all = data || datasets.length === 0 ? known : [{ value, label: value }, ...known];
  return (
    <LabelledField
      label="Data set"
      text="The tiles and their classes, and how they are divided: training tiles teach, validation tiles choose the epoch, test tiles choose nothing."
      term="parts"
    >
      <Select
        aria-label="Data set"
        value={value}
        allowDeselect={false}
        data={all}
        renderOption={({ option }) => (
          <DataOption title={option.label} data={datasets.find(({ id }) => id === option.value)} />
        )}
        onChange={(id) => id && onChange(id)}
      />
      <p className={`caption ${classes.note}`}>
        {data &&
          `${count(data.count, 'tile')} of ${data.size}×${data.size} in ${data.classes.length} classes; ${data.official ? 'it came in parts, which are kept' : '60\u00a0% train, 20\u00a0% choose the epoch'}. `}
        <Anchor component="button" type="button" inherit onClick={() => showView('data')}>
          Add your own
        </Anchor>
      </p>
    </LabelledField>
  );
}

function DataOption({ title, data }: { title: string; data: PlanData | undefined }) {
  return (
    <span>
      {title}
      <span className={`caption ${classes.option}`}>
        {data ? `${count(data.count, 'tile')} of ${data.size}×${data.size}` : 'not kept in this browser'}
      </span>
    </span>
  );
}

export function ArchField(props: { label: string; value: string; onChange(arch: string): void }) {
  return (
    <LabelledField
      label={props.label}
      text="What the network is made of: its blocks and how wide they are. Its size and cost stand below."
      term="architecture"
    >
      <Select
        aria-label={props.label}
        value={props.value}
        allowDeselect={false}
        searchable={false}
        maxDropdownHeight={420}
        data={DESIGN_IDS.map((id) => ({
          value: id,
          label: ARCH_WORDS[id] ? `${id}: ${ARCH_WORDS[id]}` : id,
        }))}
        onChange={(arch) => arch && props.onChange(arch)}
      />
    </LabelledField>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  /** What is chosen here, where it is a term; the note says what the choice means. */
  readonly text?: string;
  readonly term?: Term;
  readonly value: Value;
  readonly names: { readonly value: Value; readonly label: string }[];
  readonly note?: string;
  onChange(value: Value): void;
}

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, text, term, value, names, note, onChange } = props;
  return (
    <LabelledField {...{ label, text, term }}>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={label}
        value={value}
        data={names}
        onChange={(value) => onChange(value as Value)}
      />
      {note && <p className={`caption ${classes.note}`}>{note}</p>}
    </LabelledField>
  );
}

/** What few people change, folded away. */
export function More({ what, title, children }: { what?: string; title?: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <UnstyledButton className={classes.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {title ?? `${open ? 'Less' : 'More'}: ${what}`}
      </UnstyledButton>
      <Collapse expanded={open}>
        <div className={classes.folded}>{children}</div>
      </Collapse>
    </div>
  );
}

export interface NumberProps {
  readonly label: string;
  /** What it is, where that is not plain. */
  readonly text?: string;
  readonly term?: Term;
  readonly value: number;
  readonly schema: z.ZodType;
  readonly decimals?: boolean;
  readonly step?: number;
  readonly suffix?: string;
  onChange(value: number): void;
}

/** Half-typed numbers stay in the field; the form takes the ones that fit. */
export function NumberField(props: NumberProps) {
  const { label, text, term, value, schema, decimals = false, step = 1, suffix, onChange } = props;
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => setTyped(value), [value]);
  const read = (text: number | string) => schema.safeParse(text === '' ? Number.NaN : text);
  return (
    <LabelledField {...{ label, text, term }}>
      <NumberInput
        aria-label={label}
        value={typed}
        allowDecimal={decimals}
        allowNegative={false}
        step={step}
        suffix={suffix}
        hideControls
        error={!read(typed).success}
        onChange={(next) => {
          setTyped(next);
          const parsed = read(next);
          if (parsed.success) onChange(parsed.data as number);
        }}
        onBlur={() => setTyped(value)}
      />
    </LabelledField>
  );
}

interface StartProps {
  readonly label: string;
  /** Why it cannot be started, in words. */
  readonly problem: string | null;
  readonly ready: boolean;
  /** What is said while nothing speaks against it. */
  readonly children: ReactNode;
}

/** Submits the form; why it cannot stands below it, before anything runs. */
export function StartButton({ label, problem, ready, children }: StartProps) {
  const busy = useTraining(({ live }) => live);
  const why = busy ? busyWords(busy) : problem;
  const id = useId();
  return (
    <>
      <Button type="submit" fullWidth disabled={!ready || why !== null} aria-describedby={id}>
        {label}
      </Button>
      <p
        id={id}
        className={`caption ${classes.why}`}
        role="status"
        data-problem={busy === null && problem !== null}
      >
        {why ?? children}
      </p>
      {busy && <RunBeside live={busy} />}
    </>
  );
}
