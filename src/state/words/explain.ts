/** Errors of jobs in words: what happened, and whether anything is lost. */
import { BadInput } from '../../lab/errors';
import { JobFailed } from '../../worker/protocol/jobErrors';
import { unlessDeleted } from './library';

export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // These say themselves what was kept and what to do.
  const isTheirs = error instanceof BadInput || (error instanceof JobFailed && error.kind === 'bad-input');
  return isTheirs ? message : `${message} ${unlessDeleted('Nothing of yours was lost; try again.')}`;
}
