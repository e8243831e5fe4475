/** What to run: the paper's pipeline with its few choices, or a recipe file as it is. */
import { Anchor, NativeSelect, Select } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { z } from 'zod';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import { goOn, networkAt, refreshNetworks, useNetworks } from '../../state/drivers/networks';
import { startStages, useTraining } from '../../state/drivers/training';
import {
  type Begin,
  changePipeline,
  openRecipe,
  type PipelinePlan,
  pipelineSchema,
  recipeFrom,
  recipeOfPipeline,
  trainAnew,
  usePipeline,
} from '../../state/pipeline/pipeline';
import { ownNetworks, subjectValue } from '../../state/prune/subjects';
import { type PlanData, recipeProblem, withBands } from '../../state/train/plan';
import { BandsField } from '../parts/BandsField';
import { COMPENSATION_NAMES, FIELD_COMPENSATION_NAMES, METHOD_LOOKS } from '../parts/methods';
import { ArchField, Choice, NumberField } from '../parts/RunFields';
import { createNumberOf, MoreOfTraining, Row, RunForm } from '../parts/RunForm';
import { SizeField, SymmetryFields } from '../parts/SymmetryFields';
import { useDropZone } from '../parts/useDropZone';
import { usePlanData } from '../train/data';
import classes from './PipelineForm.module.css';
import { OpenedRecipe, RecipeFiles } from './RecipeFiles';

export function PipelineForm() {
  const plan = usePipeline(({ plan }) => plan);
  const opened = usePipeline(({ opened }) => opened);
  const datasets = usePlanData();
  const data = datasets?.find(({ id }) => id === plan.data);
  const begin = usePipeline(({ begin }) => begin);
  const ofForm = withBands(plan, data, () => recipeOfPipeline(plan));
  const recipe = () => opened?.recipe ?? (begin ? recipeFrom(plan, begin) : ofForm());
  const problem = useMemo(
    () => (datasets ? recipeProblem(recipe, plan.data, data, begin ? [begin.given] : []) : null),
    [datasets, plan, begin, opened, data],
  );
  const { over, zone } = useDropZone(({ dataTransfer: { files } }) => {
    if (files.length > 0) void openRecipe(files[0]);
  });
  return (
    <RunForm
      name="pipeline"
      title="New pipeline"
      data={plan.data}
      datasets={datasets}
      onData={(data) => changePipeline({ data })}
      button={opened ? 'Run the recipe' : 'Run the pipeline'}
      problem={problem}
      kept="stage and epoch"
      onStart={() => void startStages('pipeline', recipe(), plan.data)}
      section={{ 'data-over': over || undefined, ...zone }}
      foot={<RecipeFiles recipe={problem === null ? recipe : null} />}
    >
      {!opened && <BeginField begin={begin} />}
      {opened ? (
        <OpenedRecipe opened={opened} data={plan.data} />
      ) : (
        <Stages plan={plan} begin={begin} data={data} />
      )}
    </RunForm>
  );
}

const SCOPES = [
  { value: 'output', label: 'Output' },
  { value: 'head', label: 'Head' },
  { value: 'network', label: 'Network' },
] as const;

/** A fresh training, or one of my networks in floats. */
function BeginField({ begin }: { begin: Begin | null }) {
  const runs = useTraining(({ rows }) => rows) ?? [];
  const kept = useNetworks(({ rows }) => rows) ?? [];
  useEffect(() => void refreshNetworks(), []);
  const own = ownNetworks(runs, kept).filter(({ integers }) => !integers);
  const items = own.map(({ subject, name }) => ({ value: subjectValue(subject), label: name }));
  return (
    <div>
      <NativeSelect
        label="Begin with"
        value={begin ? AT_HAND : ''}
        data={[
          { value: '', label: 'A fresh training' },
          ...(begin ? [{ value: AT_HAND, label: begin.name }] : []),
          ...(items.length > 0 ? [{ group: 'My networks', items }] : []),
        ]}
        onChange={({ currentTarget: { value } }) => {
          const chosen = own.find(({ subject }) => subjectValue(subject) === value);
          if (chosen) void goOn(networkAt(chosen), 'pipeline');
          else if (value === '') trainAnew();
        }}
      />
      {begin && (
        <p className="caption">
          To other classes, or towards equivariance:{' '}
          <Anchor
            component="button"
            type="button"
            inherit
            onClick={() => void goOn({ kind: 'kept', id: begin.given.fingerprint }, 'adapt')}
          >
            adapt it
          </Anchor>
        </p>
      )}
    </div>
  );
}

const AT_HAND = 'at hand';

interface StagesProps {
  readonly plan: PipelinePlan;
  readonly begin: Begin | null;
  readonly data: PlanData | undefined;
}

function Stages({ plan, begin, data }: StagesProps) {
  const own = namedArch(plan.arch).head.hidden;
  return (
    <>
      {begin === null && <Training plan={plan} own={own} data={data} />}
      <PruneStage
        title="Prune fields"
        method={plan.fieldMethod}
        onMethod={(fieldMethod) => changePipeline({ fieldMethod })}
        compensation={plan.fieldCompensation}
        names={FIELD_COMPENSATION_NAMES}
        onCompensation={(fieldCompensation) => changePipeline({ fieldCompensation })}
        share="fieldShare"
        note={plan.fieldShare === 0 && 'No field goes; the convolutions stay as they are.'}
      />
      <PruneStage
        title="Prune neurons"
        method={plan.method}
        onMethod={(method) => changePipeline({ method })}
        compensation={plan.compensation}
        names={COMPENSATION_NAMES}
        onCompensation={(compensation) => changePipeline({ compensation })}
        share="ratio"
        note={
          begin !== null &&
          plan.ratio === 0 &&
          'Nothing is removed: the network is quantised and checked as it is.'
        }
      />
      <fieldset className={classes.stage}>
        <legend>Fine-tune</legend>
        <Choice
          label="What is trained"
          value={plan.scope}
          names={[...SCOPES]}
          onChange={(scope) => changePipeline({ scope })}
        />
        <Choice
          label="When"
          value={plan.tune}
          names={[
            { value: 'drop', label: 'Over 2 points lost' },
            { value: 'any', label: 'Anything lost' },
          ]}
          onChange={(tune) => changePipeline({ tune })}
        />
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>Quantise</legend>
        <Choice
          label="8-bit integers"
          value={plan.layers}
          names={[
            { value: 'dense', label: 'Dense layers' },
            { value: 'all', label: 'All layers' },
          ]}
          onChange={(layers) => changePipeline({ layers })}
        />
        <Choice
          label="Range of activations"
          value={plan.range}
          names={[
            { value: 'tile', label: 'Per tile' },
            { value: 'batch', label: 'Per batch, as in the paper' },
          ]}
          onChange={(range) => changePipeline({ range })}
        />
      </fieldset>
      <MoreOfTraining NumberOf={NumberOf} />
    </>
  );
}

interface PruneProps<C extends string> {
  readonly title: string;
  readonly method: CriterionId;
  onMethod(method: CriterionId): void;
  readonly compensation: C;
  readonly names: Readonly<Record<C, string>>;
  onCompensation(compensation: C): void;
  readonly share: ShareName;
  /** Said where nothing is removed. */
  readonly note: string | false;
}

/** What goes of the fields or of the neurons, and by which measure. */
function PruneStage<C extends string>({ title, share, note, ...chosen }: PruneProps<C>) {
  const { method, onMethod, compensation, names, onCompensation } = chosen;
  const compensations = Object.entries<string>(names).map(([value, label]) => ({ value: value as C, label }));
  return (
    <fieldset className={classes.stage}>
      <legend>{title}</legend>
      <Row cols={2}>
        <Select
          label="Method"
          value={method}
          allowDeselect={false}
          data={CRITERION_IDS.map((value) => ({ value, label: METHOD_LOOKS[value].name }))}
          onChange={(method) => method && onMethod(method)}
        />
        <PercentField name={share} />
      </Row>
      <Select
        label="Compensation"
        value={compensation}
        allowDeselect={false}
        data={compensations}
        onChange={(compensation) => compensation && onCompensation(compensation)}
      />
      {note && <p className="caption">{note}</p>}
    </fieldset>
  );
}

type TrainingProps = Pick<StagesProps, 'plan' | 'data'> & { readonly own: number };

function Training({ plan, own, data }: TrainingProps) {
  const fits = (size: number) =>
    data !== undefined && recipeProblem(() => recipeOfPipeline({ ...plan, size }), plan.data, data) === null;
  return (
    <>
      <fieldset className={classes.stage}>
        <legend>Train</legend>
        <ArchField label="Design" value={plan.arch} onChange={(arch) => changePipeline({ arch })} />
        <SymmetryFields {...plan} onChange={changePipeline} />
        {data?.bands && (
          <BandsField bands={data.bands} value={plan.bands} onChange={(bands) => changePipeline({ bands })} />
        )}
        <Row>
          <SizeField value={plan.size} fits={fits} onChange={(size) => changePipeline({ size })} />
          <NumberOf name="epochs" label="Epochs" />
          <NumberOf name="seed" label="Seed" />
        </Row>
      </fieldset>
      <fieldset className={classes.stage}>
        <legend>Distil</legend>
        <Row>
          <NumberOf name="hidden" label="Neurons" />
          <NumberOf name="alpha" label="α" decimals step={0.1} />
          <NumberOf name="temperature" label="T" decimals />
        </Row>
        <p className="caption">
          {plan.hidden === 0
            ? 'No student: the trained network itself is pruned.'
            : `A student of ${plan.hidden} hidden neurons instead of ${own}; 0 leaves it out. α of its loss comes from the labels, the rest from the teacher’s answers softened by T.`}
        </p>
      </fieldset>
    </>
  );
}

type NumberName = 'epochs' | 'seed' | 'splitSeed' | 'batch' | 'rate' | 'hidden' | 'alpha' | 'temperature';

const useNumber = (name: NumberName): number => usePipeline(({ plan }) => plan[name]);
const NumberOf = createNumberOf(pipelineSchema.shape, useNumber, changePipeline);

/** A share, typed in per cent. */
const percentSchema = z.coerce.number().min(0).lt(100);

type ShareName = 'ratio' | 'fieldShare';

function PercentField({ name }: { name: ShareName }) {
  const ratio = usePipeline(({ plan }) => plan[name]);
  return (
    <NumberField
      label="Removed, %"
      value={Number((100 * ratio).toFixed(3))}
      schema={percentSchema}
      decimals
      onChange={(percent) => changePipeline({ [name]: Number((percent / 100).toFixed(5)) })}
    />
  );
}
