/** What to run: the paper's pipeline with its few choices, or a recipe file as it is. */
import { Anchor, NativeSelect } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { goOn, networkAt, refreshNetworks, useNetworks } from '../../state/drivers/networks';
import { startStages, useTraining } from '../../state/drivers/training';
import {
  type Begin,
  changePipeline,
  headNeurons,
  openRecipe,
  type PipelinePlan,
  pipelineSchema,
  recipeFrom,
  recipeOfPipeline,
  trainAnew,
  usePipeline,
  worksOnBlocks,
} from '../../state/pipeline/pipeline';
import { ownNetworks, subjectValue } from '../../state/prune/subjects';
import { onTiles, type PlanData, recipeProblem, toDesign, withBands } from '../../state/train/plan';
import { BandsField } from '../parts/BandsField';
import { FIELD_COMPENSATION_NAMES } from '../parts/methods';
import { ArchField, Choice } from '../parts/RunFields';
import { createNumberOf, MoreOfTraining, Row, RunForm } from '../parts/RunForm';
import { SizeField, SymmetryFields } from '../parts/SymmetryFields';
import { useDropZone } from '../parts/useDropZone';
import { usePlanData } from '../train/data';
import { SmallData } from '../train/SmallData';
import { BlockStages } from './BlockStages';
import classes from './PipelineForm.module.css';
import { PruneStage, PruneUnits, WhenTuned } from './PruneStage';
import { OpenedRecipe, RecipeFiles } from './RecipeFiles';

export function PipelineForm() {
  const plan = usePipeline(({ plan }) => plan);
  const opened = usePipeline(({ opened }) => opened);
  const datasets = usePlanData();
  const tilesOf = (id: string) => datasets?.find((each) => each.id === id);
  const data = tilesOf(plan.data);
  const begin = usePipeline(({ begin }) => begin);
  const ofForm = withBands(plan, data, () => recipeOfPipeline(plan));
  const recipe = () => opened?.recipe ?? (begin ? recipeFrom(plan, begin) : ofForm());
  const problem = useMemo(
    () => (datasets ? recipeProblem(recipe, plan.data, data, begin ? [begin.given] : []) : null),
    [datasets, plan, begin, opened, data],
  );
  const over = useDropZone(({ dataTransfer }) => {
    const file = dataTransfer?.files[0];
    if (file) void openRecipe(file);
  });
  return (
    <RunForm
      name="pipeline"
      title="New pipeline"
      data={plan.data}
      datasets={datasets}
      onData={(id) => changePipeline(onTiles(plan, id, tilesOf(id)))}
      button={opened ? 'Run the recipe' : 'Run the pipeline'}
      problem={problem}
      kept="stage and epoch"
      onStart={() => void startStages('pipeline', recipe(), plan.data)}
      section={{ 'data-over': over || undefined }}
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
  return (
    <>
      {begin === null && <Training plan={plan} data={data} />}
      {worksOnBlocks(plan, begin) ? (
        <BlockStages plan={plan} mayBeNone={begin !== null} />
      ) : (
        <LayerStages plan={plan} begin={begin} />
      )}
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
      {begin === null && (
        <SmallData
          plan={plan}
          data={data}
          recipe={() => recipeOfPipeline(plan)}
          onChange={changePipeline}
          NumberOf={NumberOf}
        />
      )}
    </>
  );
}

/** Of a network of convolutions: its fields, the neurons behind them, and what is trained afterwards. */
function LayerStages({ plan, begin }: Pick<StagesProps, 'plan' | 'begin'>) {
  return (
    <>
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
      <PruneUnits title="Prune neurons" plan={plan} mayBeNone={begin !== null} />
      <fieldset className={classes.stage}>
        <legend>Fine-tune</legend>
        <Choice
          label="What is trained"
          value={plan.scope}
          names={[...SCOPES]}
          onChange={(scope) => changePipeline({ scope })}
        />
        <WhenTuned tune={plan.tune} />
      </fieldset>
    </>
  );
}

function Training({ plan, data }: Pick<StagesProps, 'plan' | 'data'>) {
  const fits = (size: number) =>
    data !== undefined && recipeProblem(() => recipeOfPipeline({ ...plan, size }), plan.data, data) === null;
  return (
    <>
      <fieldset className={classes.stage}>
        <legend>Train</legend>
        <ArchField
          label="Design"
          value={plan.arch}
          onChange={(arch) => changePipeline(toDesign(plan, arch, data))}
        />
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
      {headNeurons(plan.arch) > 0 && <Distilling plan={plan} />}
    </>
  );
}

function Distilling({ plan }: Pick<StagesProps, 'plan'>) {
  return (
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
          : `A student of ${plan.hidden} hidden neurons instead of ${headNeurons(plan.arch)}; 0 leaves it out. α of its loss comes from the labels, the rest from the teacher’s answers softened by T.`}
      </p>
    </fieldset>
  );
}

type NumberName =
  | 'epochs'
  | 'seed'
  | 'splitSeed'
  | 'batch'
  | 'rate'
  | 'patience'
  | 'hidden'
  | 'alpha'
  | 'temperature';

const useNumber = (name: NumberName): number => usePipeline(({ plan }) => plan[name]);
const NumberOf = createNumberOf(pipelineSchema.shape, useNumber, changePipeline);
