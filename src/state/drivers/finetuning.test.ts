/** The driver before a worker whose answers take their time. */
import { beforeEach, expect, test } from 'vitest';
import type { Job, LabClient } from '../../worker/page/client';
import type { Action, Setting } from '../../worker/protocol/choices';
import { JobCancelled, JobFailed, WorkerLost } from '../../worker/protocol/jobErrors';
import type { Finetuned, JobEvent } from '../../worker/protocol/results';
import { DEFAULT_SETTING, finetuningOf, useExperiment } from '../prune/experiment';
import { FinetuningDriver } from './finetuning';

class FakeJob implements Job<Finetuned> {
  readonly controls: Action[] = [];
  readonly result: Promise<Finetuned>;
  resolve: (result: Finetuned) => void = () => {};
  reject: (error: Error) => void = () => {};
  constructor(
    readonly id: number,
    readonly details: { setting: Setting; again: boolean },
    readonly tell: (event: JobEvent) => void,
  ) {
    this.result = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }
  control(action: Action): void {
    this.controls.push(action);
  }
}

function page() {
  const jobs: FakeJob[] = [];
  const run = (_: 'finetune', details: FakeJob['details'], onEvent: FakeJob['tell']) => {
    jobs.push(new FakeJob(jobs.length, details, onEvent));
    return jobs.at(-1)!;
  };
  return { jobs, driver: new FinetuningDriver({ run } as unknown as Pick<LabClient, 'run'>) };
}

const at = (removed: number): Setting => ({ ...DEFAULT_SETTING, removed });
const of = (removed: number) => finetuningOf(useExperiment.getState(), at(removed));
const epoch = (number: number): JobEvent => ({
  ...{ type: 'epoch', epochs: 9, epoch: number, loss: 1, accuracy: 0.5 },
  ...{ seconds: 1, learningRate: 0.1, batch: 8, validationLoss: 1 },
});
const result = { epochs: [epoch(1)], stop: 'epochs' } as unknown as Finetuned;
const tick = () => new Promise<void>((resolve) => setTimeout(resolve));

beforeEach(() => useExperiment.setState({ finetunings: {} }));

test('a setting that is come back to before its cancelling arrives is fine-tuned to its end', async () => {
  const { jobs, driver } = page();
  void driver.start(at(3));
  jobs[0].tell(epoch(1));
  expect(of(3)).toMatchObject({ status: 'running', epochs: [{ epoch: 1 }] });
  driver.abandonOthers(at(4));
  expect(jobs[0].controls).toEqual(['cancel']);
  // Nothing runs for it any more: who comes back starts it again.
  expect(of(3)).toBeUndefined();
  driver.abandonOthers(at(3));
  void driver.start(at(3));
  jobs[1].tell({ type: 'queued', ahead: 1 });
  // What the first one still says is none of the second one's.
  jobs[0].tell(epoch(2));
  expect(of(3)).toMatchObject({ status: 'queued', epochs: [] });
  jobs[0].reject(new JobCancelled('cancelled'));
  await tick();
  expect(of(3)).toMatchObject({ status: 'queued' });
  jobs[1].tell({ type: 'resumed', history: [{ ...(epoch(1) as object) }] as never });
  jobs[1].resolve(result);
  await tick();
  expect(of(3)).toMatchObject({ status: 'done', resumedFrom: 1, epochs: [{ epoch: 1 }] });
  expect(jobs).toHaveLength(2);
});

test('the stop button stops the one that is wanted, not the one called off', async () => {
  const { jobs, driver } = page();
  void driver.start(at(3));
  driver.abandonOthers(at(4));
  void driver.start(at(4));
  driver.stop();
  expect(jobs.map(({ controls }) => controls)).toEqual([['cancel'], ['stop']]);
});

test('one that ended before its cancelling arrived is kept, unless a newer one is at it', async () => {
  const { jobs, driver } = page();
  void driver.start(at(3));
  driver.cancel();
  jobs[0].resolve(result);
  await tick();
  expect(of(3)?.status).toBe('done');
  void driver.start(at(4));
  driver.cancel();
  void driver.start(at(4));
  jobs[1].resolve(result);
  await tick();
  expect(of(4)?.status).toBe('queued');
});

test('a lost worker leaves nothing that seems to run, a failure says why, and what another tab reaches is shown', async () => {
  const { jobs, driver } = page();
  void driver.start(at(3));
  jobs[0].tell({ type: 'elsewhere', history: [epoch(1), epoch(2)] as never });
  expect(of(3)).toMatchObject({ elsewhere: true, epochs: [{ epoch: 1 }, { epoch: 2 }] });
  jobs[0].reject(new WorkerLost('gone'));
  await tick();
  expect(of(3)).toBeUndefined();
  void driver.start(at(3), true);
  expect(jobs[1].details.again).toBe(true);
  jobs[1].reject(new JobFailed('bad-input', 'the disk is full', null));
  await tick();
  expect(of(3)).toMatchObject({ status: 'failed', message: 'the disk is full' });
});
