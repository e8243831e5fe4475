/** Before the first pipeline: what the form is going to do, and what will be here. */
import { Title } from '@mantine/core';
import { usePipeline } from '../../state/pipeline/pipeline';
import { emptyNote, emptySteps } from '../../state/words/emptyPipeline';
import classes from '../train/RunCard.module.css';

export function Empty() {
  const form = usePipeline();
  return (
    <div className={classes.empty}>
      <div>
        <Title order={2} size="h4" id="run-title">
          No pipeline yet
        </Title>
        <ol className={classes.steps}>
          {emptySteps(form).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className="caption">{emptyNote(form)}</p>
      </div>
    </div>
  );
}
