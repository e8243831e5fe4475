/** The pipeline of a transformer: what goes inside its blocks, and the fine-tuning of all of it. */
import { changePipeline, type PipelinePlan } from '../../state/pipeline/pipeline';
import { BLOCK_UNIT_CHOICES } from '../../state/prune/unitNames';
import { Choice } from '../parts/RunFields';
import classes from './PipelineForm.module.css';
import { PruneUnits, WhenTuned } from './PruneStage';

/** mayBeNone: whether nothing may be removed. */
export function BlockStages({ plan, mayBeNone }: { plan: PipelinePlan; mayBeNone: boolean }) {
  return (
    <>
      <PruneUnits title="Prune blocks" plan={plan} mayBeNone={mayBeNone}>
        <Choice
          label="What goes"
          value={plan.units}
          names={[...BLOCK_UNIT_CHOICES]}
          onChange={(units) => changePipeline({ units })}
        />
        <Choice
          label="Ranked"
          value={plan.ranking}
          names={[
            { value: 'network', label: 'All blocks together' },
            { value: 'block', label: 'In each block' },
          ]}
          onChange={(ranking) => changePipeline({ ranking })}
        />
      </PruneUnits>
      <fieldset className={classes.stage}>
        <legend>Fine-tune</legend>
        <WhenTuned tune={plan.tune} />
        <p className="caption">
          The whole network, for ten epochs at most, taught by the unpruned one besides the labels.
        </p>
      </fieldset>
    </>
  );
}
