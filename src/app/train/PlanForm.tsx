/** What to train: every choice with what it means and costs; what cannot be trained is said before it starts. */
import { Select } from '@mantine/core';
import { totalCost } from '../../lab/evaluate/cost';
import { HEAD_KINDS } from '../../lab/families/gcnn/arch';
import { GROUP_NAMES } from '../../lab/symmetry/group';
import { start } from '../../state/drivers/training';
import {
  archOf,
  changePlan,
  type Plan,
  type PlanData,
  planSchema,
  problemOf,
  usePlan,
} from '../../state/train/plan';
import { bytes, maybeBytes, millions, whole } from '../../state/words/format';
import { GROUP_SENTENCES, HEAD_NAMES, HEAD_SENTENCES } from '../../state/words/train';
import { Explained } from '../parts/Explained';
import { ArchField, Choice } from '../parts/RunFields';
import { createNumberOf, MoreOfTraining, Row, RunForm } from '../parts/RunForm';
import { usePlanData } from './data';
import classes from './PlanForm.module.css';

const SIZES = [8, 16, 32, 64, 128, 256];

export function PlanForm() {
  const plan = usePlan(({ plan }) => plan);
  const datasets = usePlanData();
  const data = datasets?.find(({ id }) => id === plan.data);
  const problem = datasets ? problemOf(plan, data) : null;
  return (
    <RunForm
      name="plan"
      title="New run"
      data={plan.data}
      datasets={datasets}
      onData={(data) => changePlan({ data })}
      button="Train"
      problem={problem}
      kept="epoch"
      onStart={() => void start(plan)}
    >
      <ArchField label="Architecture" value={plan.arch} onChange={(arch) => changePlan({ arch })} />
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
      <Row>
        <SizeField plan={plan} data={data} />
        <NumberOf name="epochs" label="Epochs" />
        <NumberOf name="seed" label="Seed" />
      </Row>
      <MoreOfTraining NumberOf={NumberOf} />
    </RunForm>
  );
}

/** What the network costs, counted from its shapes. */
function Costs({ plan, classCount }: { plan: Plan; classCount: number }) {
  const cost = costOf(plan, classCount);
  const figures = [
    ['Parameters', cost && whole(cost.params), 'Values that are trained.'],
    ['Stored here', cost && bytes(cost.bytes), 'The saved file’s tensors, running statistics included.'],
    [
      'Exported',
      cost && maybeBytes(cost.exported),
      'The tensors of the file taken along, filters expanded and norms folded in.',
    ],
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

type NumberName = 'epochs' | 'seed' | 'splitSeed' | 'batch' | 'rate';

const useNumber = (name: NumberName): number => usePlan(({ plan }) => plan[name]);
const NumberOf = createNumberOf(planSchema.shape, useNumber, changePlan);
