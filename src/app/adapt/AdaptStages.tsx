/** How a network is adapted: towards which group, by which R, with which λ, on how many tiles, and what runs beside it. */
import { Checkbox, TextInput } from '@mantine/core';
import type { PenaltyId } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS } from '../../lab/adapt/settings';
import {
  type AdaptingPlan,
  adaptingSchema,
  changeAdapting,
  SEED_COUNTS,
  SHARES,
  type Tick,
  useAdapting,
} from '../../state/adapt/plan';
import { Choice, More } from '../parts/RunFields';
import { createNumberOf, Row } from '../parts/RunForm';
import classes from '../pipeline/PipelineForm.module.css';

const PENALTY_NAMES: Readonly<Record<PenaltyId, { readonly label: string; readonly note: string }>> = {
  logits: {
    label: 'Logits',
    note: 'R: how far answers to turned tiles are from those to upright ones. Two passes a step.',
  },
  features: {
    label: 'Features',
    note: 'R: how far the last maps are from turning with the tile. Two passes a step.',
  },
  weights: {
    label: 'Weights',
    note: 'R: how far the weights are from equivariant ones. No further pass, and what projection needs.',
  },
};

const GROUP_NOTES: Readonly<Record<AdaptingPlan['group'], string>> = {
  C2: 'Towards the same answer under half turns.',
  C4: 'Towards the same answer under quarter turns.',
  D1: 'Towards the same answer in the mirror.',
  D4: 'Towards the same answer under quarter turns and in the mirror.',
};

export function AdaptStages() {
  const plan = useAdapting(({ plan }) => plan);
  return (
    <>
      <fieldset className={classes.stage}>
        <legend>Tiles</legend>
        <Choice
          label="Share of the training tiles"
          value={plan.share}
          names={SHARES.map((value) => ({ value, label: `${100 * Number(value)}\u00a0%` }))}
          onChange={(share) => changeAdapting({ share })}
        />
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>Towards equivariance</legend>
        <Choice
          label="Group"
          value={plan.group}
          names={ADAPT_GROUPS.map((value) => ({ value, label: value }))}
          note={GROUP_NOTES[plan.group]}
          onChange={(group) => changeAdapting({ group })}
        />
        <Choice
          label="Distance R"
          value={plan.penalty}
          names={Object.entries(PENALTY_NAMES).map(([value, { label }]) => ({
            value: value as PenaltyId,
            label,
          }))}
          note={PENALTY_NAMES[plan.penalty].note}
          onChange={(penalty) => changeAdapting({ penalty })}
        />
        <Choice
          label="λ, how much R counts"
          value={plan.choose}
          names={[
            { value: 'folds', label: 'By folds' },
            { value: 'one', label: 'One value' },
          ]}
          onChange={(choose) => changeAdapting({ choose })}
        />
        {plan.choose === 'one' ? <NumberOf name="lambda" label="λ" decimals /> : <Folds plan={plan} />}
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>Training</legend>
        <Row cols={2}>
          <NumberOf name="epochs" label="Epochs" />
          <NumberOf name="rate" label="Learning rate" decimals step={0.001} />
        </Row>
        <Choice
          label="Seeds"
          value={plan.seeds}
          names={SEED_COUNTS.map((value) => ({ value, label: value }))}
          note={
            plan.seeds === '1'
              ? undefined
              : `Everything ${plan.seeds} times, with seeds ${plan.seed} to ${plan.seed + Number(plan.seeds) - 1}: figures come with their spread.`
          }
          onChange={(seeds) => changeAdapting({ seeds })}
        />
        <More what="batch, first seed">
          <Row cols={2}>
            <NumberOf name="batch" label="Batch" />
            <NumberOf name="seed" label="First seed" />
          </Row>
        </More>
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>After it, and beside it</legend>
        <TickOf
          name="project"
          label="Project it"
          text="The mean of its weights over the group: the same answer at all turns, and a smaller network."
        />
        <TickOf
          name="finetuned"
          label="Plain fine-tuning"
          text="The same network with the labels alone, in as many steps."
        />
        <TickOf
          name="augmented"
          label="Fine-tuning on turned tiles"
          text="Each tile in a position drawn anew every time, in as many steps."
        />
        <TickOf
          name="constructed"
          label="Equivariant from scratch"
          text="An equivariant network that begins with nothing, in as many steps."
        />
      </fieldset>
    </>
  );
}

function Folds({ plan: { values, by } }: { plan: AdaptingPlan }) {
  return (
    <>
      <Row cols={2}>
        <TextInput
          label="Values to try"
          value={values}
          maxLength={200}
          onChange={({ currentTarget: { value } }) => changeAdapting({ values: value })}
        />
        <NumberOf name="folds" label="Folds" />
      </Row>
      <Choice
        label="Decided by the accuracy"
        value={by}
        names={[
          { value: 'upright', label: 'Upright' },
          { value: 'moved', label: 'In all positions' },
        ]}
        onChange={(by) => changeAdapting({ by })}
      />
    </>
  );
}

interface TickProps {
  readonly name: 'project' | 'finetuned' | 'augmented' | 'constructed';
  readonly label: string;
  readonly text: string;
}

function TickOf({ name, label, text }: TickProps) {
  const tick: Tick = useAdapting(({ plan }) => plan[name]);
  return (
    <Checkbox
      label={label}
      description={text}
      checked={tick === 'yes'}
      onChange={({ currentTarget }) => changeAdapting({ [name]: currentTarget.checked ? 'yes' : 'no' })}
    />
  );
}

type NumberName = 'lambda' | 'folds' | 'epochs' | 'batch' | 'rate' | 'seed';

const useNumber = (name: NumberName): number => useAdapting(({ plan }) => plan[name]);
const NumberOf = createNumberOf(adaptingSchema.shape, useNumber, (changes: Partial<AdaptingPlan>) =>
  changeAdapting(changes),
);
