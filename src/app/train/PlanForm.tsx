/** What to train: every choice with what it means and costs; what cannot be trained is said before it starts. */
import { totalCost } from '../../lab/evaluate/cost';
import { recipeNow, startTraining } from '../../state/drivers/starting';
import {
  archOf,
  changePlan,
  onTiles,
  type Plan,
  type PlanData,
  planSchema,
  problemOf,
  recipeProblem,
  toDesign,
  usePlan,
} from '../../state/train/plan';
import { useStart } from '../../state/train/start';
import { bytes, maybeBytes, millions, whole } from '../../state/words/format';
import { BandsField } from '../parts/BandsField';
import { Explained } from '../parts/Explained';
import { ArchField } from '../parts/RunFields';
import { createNumberOf, MoreOfTraining, Row, RunForm } from '../parts/RunForm';
import { SizeField, SymmetryFields } from '../parts/SymmetryFields';
import { CostHere } from './CostHere';
import { usePlanData } from './data';
import classes from './PlanForm.module.css';
import { SmallData } from './SmallData';
import { StartedFrom, StartField } from './StartField';

export function PlanForm() {
  const plan = usePlan(({ plan }) => plan);
  const datasets = usePlanData();
  const tilesOf = (id: string) => datasets?.find((each) => each.id === id);
  const data = tilesOf(plan.data);
  const { network, begin, refusal } = useStart();
  // What is still being opened is said above.
  const unopened = network !== null && !begin ? (refusal ?? 'The network is being opened.') : null;
  const problem = !datasets
    ? null
    : begin
      ? recipeProblem(() => recipeNow(plan), plan.data, data, [begin.given])
      : (unopened ?? problemOf(plan, data));
  return (
    <RunForm
      name="plan"
      title="New run"
      data={plan.data}
      datasets={datasets}
      onData={(id) => changePlan(onTiles(plan, id, tilesOf(id)))}
      button="Train"
      problem={problem}
      kept="epoch"
      onStart={() => void startTraining(plan)}
    >
      {network === null ? (
        <>
          <ArchField
            label="Architecture"
            value={plan.arch}
            onChange={(arch) => changePlan(toDesign(plan, arch, data))}
          />
          <SymmetryFields {...plan} onChange={changePlan} />
          {data?.bands && (
            <BandsField bands={data.bands} value={plan.bands} onChange={(bands) => changePlan({ bands })} />
          )}
          <Costs plan={plan} data={data} />
          <CostHere plan={plan} data={data} />
        </>
      ) : (
        <StartedFrom data={data} />
      )}
      <Row>
        {network === null && <PlanSize plan={plan} data={data} />}
        <NumberOf
          name="epochs"
          label="Epochs"
          text="Passes over all training tiles. The best epoch on validation tiles is kept."
          term="epoch"
        />
        <NumberOf
          name="seed"
          label="Seed"
          text="The first weights and the order of the tiles are drawn from it: the same seed, the same network."
          term="seed"
        />
      </Row>
      <MoreOfTraining NumberOf={NumberOf} />

      <SmallData
        plan={plan}
        data={data}
        recipe={() => recipeNow(plan)}
        onChange={changePlan}
        NumberOf={NumberOf}
        start={<StartField />}
      />
    </RunForm>
  );
}

/** What the network costs, counted from its shapes. */
function Costs({ plan, data }: { plan: Plan; data: PlanData | undefined }) {
  const cost = costOf(plan, data);
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

function costOf(plan: Plan, data: PlanData | undefined) {
  try {
    return totalCost(archOf(plan, data));
  } catch {
    // Said in words beside the button.
    return null;
  }
}

function PlanSize({ plan, data }: { plan: Plan; data: PlanData | undefined }) {
  const fits = (size: number) => data !== undefined && problemOf({ ...plan, size }, data) === null;
  return <SizeField value={plan.size} fits={fits} onChange={(size) => changePlan({ size })} />;
}

type NumberName = 'epochs' | 'seed' | 'splitSeed' | 'batch' | 'rate' | 'patience';

const useNumber = (name: NumberName): number => usePlan(({ plan }) => plan[name]);
const NumberOf = createNumberOf(planSchema.shape, useNumber, changePlan);
