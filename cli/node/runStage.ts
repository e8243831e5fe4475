import { finish, type Stage } from '../../src/lab/stage/events';
import { createProgressBar, type Progress, warn } from './progress';

/** Runs a stage to its end under a progress bar. */
export async function runStage<T>(
  stage: Stage<T>,
  { quiet = false }: { readonly quiet?: boolean },
  bar: Progress = createProgressBar(quiet, warn),
): Promise<T> {
  try {
    return await finish(stage, (event) => bar.show(event));
  } finally {
    bar.stop();
  }
}
