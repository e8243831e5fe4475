/** The pipeline of a transformer: what goes inside its blocks, and the fine-tuning of all of it. */
import { changePipeline, type PipelinePlan } from '../../state/pipeline/pipeline';
import { COMPENSATION_NAMES } from '../parts/methods';
import { Choice } from '../parts/RunFields';
import classes from './PipelineForm.module.css';
import { PruneStage, WhenTuned } from './PruneStage';

/** mayBeNone: whether nothing may be removed. */
export function BlockStages({ plan, mayBeNone }: { plan: PipelinePlan; mayBeNone: boolean }) {
  return (
    <>
      <PruneStage
        title="Prune blocks"
        method={plan.method}
        onMethod={(method) => changePipeline({ method })}
        compensation={plan.compensation}
        names={COMPENSATION_NAMES}
        onCompensation={(compensation) => changePipeline({ compensation })}
        share="ratio"
        note={
          mayBeNone &&
          plan.ratio === 0 &&
          'Nothing is removed: the network is quantised and checked as it is.'
        }
      >
        <Choice
          label="What goes"
          value={plan.units}
          names={[
            { value: 'mlp', label: 'Hidden units' },
            { value: 'heads', label: 'Heads' },
          ]}
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
      </PruneStage>
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
