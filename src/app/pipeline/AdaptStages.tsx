/** How a network at hand is adapted: towards which group, by which R, with which λ, on how many tiles. */
import { Checkbox, TextInput } from '@mantine/core';
import type { PenaltyId } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS } from '../../lab/adapt/settings';
import {
  type AdaptingPlan,
  adaptingSchema,
  changeAdapting,
  SHARES,
  useAdapting,
} from '../../state/pipeline/adapting';
import { Choice } from '../parts/RunFields';
import { createNumberOf, Row } from '../parts/RunForm';
import classes from './PipelineForm.module.css';

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
        {plan.choose === 'one' ? (
          <NumberOf name="lambda" label="λ" decimals />
        ) : (
          <Folds values={plan.values} />
        )}
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>Training</legend>
        <Choice
          label="Share of the training tiles"
          value={plan.share}
          names={SHARES.map((value) => ({ value, label: `${100 * Number(value)}\u00a0%` }))}
          onChange={(share) => changeAdapting({ share })}
        />
        <Row cols={2}>
          <NumberOf name="epochs" label="Epochs" />
          <NumberOf name="rate" label="Learning rate" decimals step={0.001} />
        </Row>
        <Tick
          name="project"
          label="Then project"
          text="The mean of its weights over the group: the same answer at all turns, and a smaller network."
        />
        <Tick
          name="beside"
          label="Two more beside it"
          text="Fine-tuned on tiles turned at random, and an equivariant network from scratch, in as many steps."
        />
      </fieldset>
    </>
  );
}

function Folds({ values }: { values: string }) {
  return (
    <Row cols={2}>
      <TextInput
        label="Values to try"
        value={values}
        onChange={({ currentTarget: { value } }) => changeAdapting({ values: value })}
      />
      <NumberOf name="folds" label="Folds" />
    </Row>
  );
}

interface TickProps {
  readonly name: 'project' | 'beside';
  readonly label: string;
  readonly text: string;
}

function Tick({ name, label, text }: TickProps) {
  const checked = useAdapting(({ plan }) => plan[name]);
  return (
    <Checkbox
      label={label}
      description={text}
      checked={checked}
      onChange={({ currentTarget }) => changeAdapting({ [name]: currentTarget.checked })}
    />
  );
}

type NumberName = 'lambda' | 'folds' | 'epochs' | 'rate';

const useNumber = (name: NumberName): number => useAdapting(({ plan }) => plan[name]);
const NumberOf = createNumberOf(adaptingSchema.shape, useNumber, (changes: Partial<AdaptingPlan>) =>
  changeAdapting(changes),
);
