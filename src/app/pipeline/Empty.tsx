/** Before the first pipeline: what it is, and what will be here. */
import { Title } from '@mantine/core';
import classes from '../train/RunCard.module.css';

export function Empty() {
  return (
    <div className={classes.empty}>
      <div>
        <Title order={2} size="h4" id="run-title">
          No pipeline yet
        </Title>
        <ol className={classes.steps}>
          <li>Press “Run the pipeline”: a network is trained, and a smaller one learns from it.</li>
          <li>Half of its hidden neurons go; it is fine-tuned if that hurt, and rounded to integers.</li>
          <li>
            Each stage leaves a card: accuracy, size, cost, and whether turned tiles get the same answers.
          </li>
        </ol>
        <p className="caption">
          The settings on the left are the paper’s pipeline on a small network: about two minutes on an
          ordinary computer. You may close the page meanwhile.
        </p>
      </div>
    </div>
  );
}
