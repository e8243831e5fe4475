/** What to train: every choice with what it means and costs; what cannot be trained is said before it starts. */
import {
  Anchor,
  Button,
  Collapse,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { totalCost } from '../../lab/evaluate/cost';
import { GROUP_NAMES, HEAD_KINDS } from '../../lab/nn/arch';
import { ARCH_IDS } from '../../lab/nn/zoo';
import { bytes, count, millions, whole } from '../../stores/format';
import {
  archOf,
  changePlan,
  type Plan,
  type PlanData,
  planSchema,
  problemOf,
  usePlan,
} from '../../stores/plan';
import { start, useTraining } from '../../stores/training';
import { showView } from '../../stores/view';
import { Explained } from '../Explained';
import { usePlanData } from './data';
import classes from './PlanForm.module.css';
import { ARCH_WORDS, busyWords, GROUP_SENTENCES, HEAD_NAMES, HEAD_SENTENCES } from './words';

const SIZES = [8, 16, 32, 64, 128, 256];

export function PlanForm() {
  const plan = usePlan(({ plan }) => plan);
  const datasets = usePlanData();
  const data = datasets?.find(({ id }) => id === plan.data);
  const problem = datasets ? problemOf(plan, data) : null;
  return (
    <section className={`card ${classes.form}`} aria-labelledby="plan-title">
      <Title order={2} size="h4" id="plan-title">
        New run
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start(plan);
        }}
      >
        <DataField plan={plan} datasets={datasets ?? []} data={data} />
        <Select
          label="Architecture"
          value={plan.arch}
          allowDeselect={false}
          searchable={false}
          maxDropdownHeight={420}
          data={ARCH_IDS.map((id) => ({
            value: id,
            label: ARCH_WORDS[id] ? `${id}: ${ARCH_WORDS[id]}` : id,
          }))}
          onChange={(arch) => arch && changePlan({ arch })}
        />
        <Choice
          label="Group"
          value={plan.group}
          names={GROUP_NAMES.map((value) => ({ value, label: value }))}
          note={GROUP_SENTENCES[plan.group]}
          onChange={(group) => changePlan({ group: group as Plan['group'] })}
        />
        <Choice
          label="Head"
          value={plan.head}
          names={HEAD_KINDS.map((value) => ({ value, label: HEAD_NAMES[value] }))}
          note={HEAD_SENTENCES[plan.head]}
          onChange={(head) => changePlan({ head: head as Plan['head'] })}
        />
        <Costs plan={plan} classCount={data?.classes.length ?? 10} />
        <SimpleGrid cols={3} spacing="xs" className={classes.row}>
          <SizeField plan={plan} data={data} />
          <NumberField name="epochs" label="Epochs" />
          <NumberField name="seed" label="Seed" />
        </SimpleGrid>
        <More />
        <div className={classes.go}>
          <TrainButton problem={problem} ready={datasets !== null} />
        </div>
      </form>
    </section>
  );
}

interface DataProps {
  readonly plan: Plan;
  readonly datasets: readonly PlanData[];
  readonly data: PlanData | undefined;
}

function DataField({ plan, datasets, data }: DataProps) {
  const known = datasets.map(({ id, title }) => ({ value: id, label: title }));
  // One that is named in the link but not kept here stays named.
  const all = data || datasets.length === 0 ? known : [{ value: plan.data, label: plan.data }, ...known];
  return (
    <div>
      <Select
        label="Data set"
        value={plan.data}
        allowDeselect={false}
        data={all}
        renderOption={({ option }) => (
          <DataOption title={option.label} data={datasets.find(({ id }) => id === option.value)} />
        )}
        onChange={(id) => id && changePlan({ data: id })}
      />
      <p className={`caption ${classes.note}`}>
        {data &&
          `${count(data.count, 'tile')} of ${data.size}×${data.size} in ${data.classes.length} classes; 60\u00a0% train, 20\u00a0% choose the epoch. `}
        <Anchor component="button" type="button" inherit onClick={() => showView('data')}>
          Add your own
        </Anchor>
      </p>
    </div>
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

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly names: { readonly value: string; readonly label: string }[];
  readonly note: string;
  onChange(value: string): void;
}

function Choice({ label, value, names, note, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div>
      <span id={id} className={classes.label}>
        {label}
      </span>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-labelledby={id}
        value={value}
        data={names}
        onChange={onChange}
      />
      <p className={`caption ${classes.note}`}>{note}</p>
    </div>
  );
}

/** What the network costs, counted from its shapes. */
function Costs({ plan, classCount }: { plan: Plan; classCount: number }) {
  const cost = costOf(plan, classCount);
  const figures = [
    ['Parameters', cost && whole(cost.params), 'Values that are trained.'],
    ['Stored', cost && bytes(cost.bytes), 'The saved file’s tensors, running statistics included.'],
    [
      'Multiply-adds',
      cost && millions(cost.macs),
      'Of one pass of one tile, filters expanded and norms folded.',
    ],
  ] as const;
  return (
    <dl className={classes.costs} data-testid="plan-costs">
      {figures.map(([name, value, text]) => (
        <div key={name}>
          <dt>
            <Explained text={text}>{name}</Explained>
          </dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function costOf(plan: Plan, classCount: number) {
  try {
    return totalCost(archOf(plan, classCount));
  } catch {
    // Said in words beside the button.
    return null;
  }
}

function SizeField({ plan, data }: { plan: Plan; data: PlanData | undefined }) {
  const fitting = SIZES.filter((size) => data && problemOf({ ...plan, size }, data) === null);
  const sizes = fitting.includes(plan.size) ? fitting : [...fitting, plan.size].sort((a, b) => a - b);
  return (
    <Select
      label="Input, px"
      value={String(plan.size)}
      allowDeselect={false}
      data={sizes.map((size) => ({ value: String(size), label: String(size) }))}
      onChange={(size) => size && changePlan({ size: Number(size) })}
    />
  );
}

function More() {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <UnstyledButton className={classes.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Less' : 'More'}: batch, learning rate, split
      </UnstyledButton>
      <Collapse expanded={open}>
        <SimpleGrid cols={3} spacing="xs" pt={6} className={classes.row}>
          <NumberField name="batch" label="Batch" />
          <NumberField name="rate" label="Learning rate" decimals step={0.001} />
          <NumberField name="splitSeed" label="Split seed" />
        </SimpleGrid>
      </Collapse>
    </div>
  );
}

interface NumberProps {
  readonly name: 'epochs' | 'seed' | 'splitSeed' | 'batch' | 'rate';
  readonly label: string;
  readonly decimals?: boolean;
  readonly step?: number;
}

/** Half-typed numbers stay in the field; the plan takes the ones that fit. */
function NumberField({ name, label, decimals = false, step = 1 }: NumberProps) {
  const value = usePlan(({ plan }) => plan[name]);
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => setTyped(value), [value]);
  const fits = planSchema.shape[name].safeParse(typed === '' ? Number.NaN : typed).success;
  return (
    <NumberInput
      label={label}
      value={typed}
      allowDecimal={decimals}
      allowNegative={false}
      step={step}
      hideControls
      error={!fits}
      onChange={(next) => {
        setTyped(next);
        const parsed = planSchema.shape[name].safeParse(next === '' ? Number.NaN : next);
        if (parsed.success) changePlan({ [name]: parsed.data });
      }}
      onBlur={() => setTyped(value)}
    />
  );
}

function TrainButton({ problem, ready }: { problem: string | null; ready: boolean }) {
  const busy = useTraining(({ live }) => live);
  const why = busy ? busyWords(busy) : problem;
  const id = useId();
  return (
    <>
      <Button type="submit" fullWidth disabled={!ready || why !== null} aria-describedby={id}>
        Train
      </Button>
      <p
        id={id}
        className={`caption ${classes.why}`}
        role="status"
        data-problem={busy === null && problem !== null}
      >
        {why ?? 'Runs on this computer; every finished epoch is kept, so you may close the page at any time.'}
      </p>
    </>
  );
}
