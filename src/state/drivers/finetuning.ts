/**
 * Drives the fine-tuning of the Prune view: of one setting at a time; what runs for another one gives way. What a job
 * says counts only while it is the one that is wanted: its cancelling arrives late, when the same setting may have been
 * come back to.
 */
import type { Job, LabClient } from '../../worker/page/client';
import type { Setting } from '../../worker/protocol/choices';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { Finetuned, JobEvent } from '../../worker/protocol/results';
import { type Finetuning, putFinetuning, settingKey, useExperiment } from '../prune/experiment';
import { explain } from '../words/explain';

interface Wanted {
  readonly key: string;
  readonly job: Job<Finetuned>;
}

export class FinetuningDriver {
  private wanted: Wanted | null = null;

  constructor(private readonly client: Pick<LabClient, 'run'>) {}

  /** Starts the fine-tuning of a setting; where it was finished before, it is only told, unless `again`. */
  async start(setting: Setting, again = false): Promise<void> {
    this.cancel();
    let now: Finetuning = {
      ...{ setting, status: 'queued', epochs: [], inEpoch: 0 },
      ...{ resumedFrom: null, elsewhere: false, note: null },
    };
    const key = settingKey(setting);
    const follow = (event: JobEvent) => {
      now = applyFinetuneEvent(now, event);
      if (this.wanted === own) putFinetuning(now);
    };
    const job = this.client.run('finetune', { net: 'main', setting, again }, follow);
    const own: Wanted = { key, job };
    this.wanted = own;
    putFinetuning(now);
    try {
      const result = await job.result;
      // One that ended before its cancelling arrived is as good.
      if (this.wanted === own || this.wanted?.key !== key)
        putFinetuning({ ...now, elsewhere: false, status: 'done', epochs: result.epochs, result });
    } catch (error) {
      if (this.wanted !== own) return;
      // Lost: the worker kept the last epoch, and the setting goes on from there when it is next wanted.
      if (error instanceof JobCancelled || error instanceof WorkerLost) forget(key);
      else putFinetuning({ ...now, status: 'failed', message: explain(error) });
    } finally {
      if (this.wanted === own) this.wanted = null;
    }
  }

  /** Ends the running one with the best epoch so far. */
  stop(): void {
    this.wanted?.job.control('stop');
  }

  /** The view has moved on: what runs for another setting gives way. */
  abandonOthers(settled: Setting): void {
    if (this.wanted?.key !== settingKey(settled)) this.cancel();
  }

  /** Calls the running one off: its epochs are kept by the worker, and it goes on from there when it is next wanted. */
  cancel(): void {
    const { wanted } = this;
    if (!wanted) return;
    this.wanted = null;
    wanted.job.control('cancel');
    forget(wanted.key);
  }
}

function forget(key: string): void {
  useExperiment.setState(({ finetunings: { [key]: _, ...rest } }) => ({ finetunings: rest }));
}

/** What an event of its job makes of a fine-tuning. */
function applyFinetuneEvent(now: Finetuning, event: JobEvent): Finetuning {
  const { setting, epochs, inEpoch, resumedFrom, note } = now;
  const base = { setting, epochs, inEpoch, resumedFrom, note, elsewhere: false, status: 'running' } as const;
  switch (event.type) {
    case 'queued':
      return { ...base, status: 'queued' };
    case 'elsewhere':
      return { ...base, epochs: event.history, elsewhere: true };
    case 'resumed':
      return { ...base, epochs: event.history, resumedFrom: event.history.length };
    case 'batch':
      return { ...base, inEpoch: event.batch / event.batches };
    case 'epoch':
      return { ...base, epochs: [...epochs, event], inEpoch: 0 };
    case 'warning':
      return { ...base, note: event.message };
    default:
      return base;
  }
}
