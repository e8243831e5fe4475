/** The driver before a worker that takes its time, fails and ends. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdOrder, taskRun } from '../../storage/runLock';
import { fakeLocks } from '../../storage/testing/locks';
import type { Job, LabClient } from '../../worker/page/client';
import type { Action } from '../../worker/protocol/choices';
import { JobFailed, WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent, TaskNetwork } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { DEFAULT_TASKS, useTasks, wantedOf } from '../tasks/form';
import { useTasksKnown } from '../tasks/known';
import { trainingsUnderWay } from '../tasks/underWay';
import { memoryStorage } from '../testing/storage';
import { TasksDriver } from './taskDriver';

interface Asked extends Job<unknown> {
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly controls: Action[];
  tell(event: JobEvent): void;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A page whose worker starts at once, and whose other jobs are answered by the test. */
function page() {
  const jobs: Asked[] = [];
  const run = (type: string, details: Asked['details'], tell: Asked['tell'] = () => {}) => {
    const controls: Action[] = [];
    let [resolve, reject]: [Asked['resolve'], Asked['reject']] = [() => {}, () => {}];
    const result = new Promise<unknown>((...both) => ([resolve, reject] = both));
    result.catch(() => {});
    const job: Asked = {
      ...{ id: jobs.length, type, details, controls, tell, result, resolve, reject },
      control: (action) => void controls.push(action),
    };
    if (type === 'start') job.resolve({});
    else jobs.push(job);
    return job;
  };
  let closed = 0;
  const client = { run, close: () => void closed++ } as unknown as Pick<LabClient, 'run' | 'close'>;
  const driver = new TasksDriver(client);
  return { jobs, driver, closed: () => closed, last: () => jobs.at(-1)! };
}

const tick = async () => {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setTimeout(resolve));
};
const known = useTasksKnown.getState;
const network = (trained = false): TaskNetwork => ({
  ...{ trainings: [], problem: null, cost: { params: 1, macs: 1 }, data: [], measures: [] },
  figures: trained ? { values: {}, curves: {} } : null,
});

const NOTHING = known();
beforeEach(() => {
  useTasks.setState(DEFAULT_TASKS);
  useTasksKnown.setState(NOTHING, true);
  vi.stubGlobal('navigator', { locks: fakeLocks() });
  vi.stubGlobal('localStorage', memoryStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page whose view has been opened: the flow is there, and no network is trained. */
async function opened() {
  const made = page();
  void made.driver.open();
  await tick();
  for (let i = 0; i < 4; i++) {
    const { type } = made.last();
    made.last().resolve(type === 'flow' ? 'a flow' : network());
    await tick();
  }
  return made;
}

test('what is missing is asked for one by one, the chosen network first; and nothing more when all is known', async () => {
  const { jobs, driver } = await opened();
  expect(jobs.map(({ type, details }) => [type, details.training])).toEqual([
    ['flow', null],
    ['trainTask', 'equivariant, fine-tuned'],
    ['trainTask', 'plain, fine-tuned'],
    ['trainTask', 'plain, adapted with λ 1'],
  ]);
  expect(jobs.slice(1).map(({ details }) => details.train)).toEqual([false, false, false]);
  void driver.converge();
  await tick();
  expect(jobs).toHaveLength(4);
  // Another flow is asked for, of nobody yet.
  useTasks.setState({ flow: 7 });
  void driver.converge();
  await tick();
  expect(jobs.slice(4).map(({ type, details }) => [type, details.number])).toEqual([['flow', 7]]);
});

test('a trained network looks at the flow; nothing is asked for while one is trained', async () => {
  const { jobs, driver, last } = await opened();
  const training = driver.train('equivariant');
  await tick();
  expect([last().type, last().details.train, known().live?.wanted.way]).toEqual([
    'trainTask',
    true,
    'equivariant',
  ]);
  useTasks.setState({ turns: 1 });
  void driver.converge();
  await tick();
  expect(jobs).toHaveLength(5);
  driver.stop();
  expect([last().controls, known().live?.status]).toEqual([['stop'], 'stopping']);
  last().resolve(network(true));
  await training;
  await tick();
  expect(known().live).toBeNull();
  last().resolve('the flow, turned');
  await tick();
  expect(last().details).toMatchObject({ training: 'equivariant, fine-tuned', element: { turns: 1 } });
});

test('a worker that ends, or is ended for another engine, costs no training; too many ends are said', async () => {
  const { jobs, driver, last, closed } = await opened();
  const training = driver.train('tuned');
  await tick();
  for (let death = 1; death <= 3; death++) {
    driver.lost('out of memory');
    last().reject(new WorkerLost('out of memory'));
    await tick();
    expect(jobs).toHaveLength(5 + death);
    expect(known().notice).toMatch(/started again. Every finished epoch was kept/);
  }
  driver.restart();
  last().reject(new WorkerLost('closed'));
  await tick();
  expect([closed(), jobs.length, known().live?.wanted.way]).toEqual([1, 9, 'tuned']);
  driver.lost('out of memory');
  last().reject(new WorkerLost('out of memory'));
  await training;
  expect(known().trouble).toMatch(/ended 4 times/);
  expect(known().live).toBeNull();
});

test('a training that fails says so, and what is shown goes on; a look that fails is tried again when asked', async () => {
  const { jobs, driver, last } = await opened();
  const training = driver.train('tuned');
  await tick();
  last().reject(new JobFailed('bad-input', 'The disk is full.', null));
  await training;
  expect([known().refusal, known().trouble]).toEqual(['The disk is full.', null]);
  useTasks.setState({ flow: 8 });
  void driver.converge();
  await tick();
  last().reject(new JobFailed('failure', 'It broke.', null));
  await tick();
  const before = jobs.length;
  expect(known().trouble).toMatch(/^It broke\./);
  void driver.converge();
  await tick();
  expect(jobs).toHaveLength(before);
  driver.retry();
  await tick();
  expect(jobs).toHaveLength(before + 1);
  last().resolve('a flow');
  await tick();
  expect([known().trouble, known().flows.nobody?.shown]).toEqual([null, 'a flow']);
  expect(known().networks[wantedOf(DEFAULT_TASKS, 'tuned').key]?.figures).toBeNull();
});

/** A page whose last one was left in the midst of a training for so many epochs; its view is not open. */
async function afterLeaving() {
  const left = await opened();
  void left.driver.train('adapted');
  await tick();
  // It is gone with all that it knew and held.
  useTasksKnown.setState(NOTHING, true);
  vi.stubGlobal('navigator', { locks: fakeLocks() });
  return page();
}

const epochs = (many: number) => ({ type: 'resumed', history: Array(many).fill({}) }) as unknown as JobEvent;
const batch = {
  type: 'batch',
  epoch: 1,
  epochs: 2,
  batch: 1,
  batches: 2,
  loss: 1,
  tilesPerSecond: 1,
} as const;

test('what a page that was left has begun is taken up by the next, and said with what was kept; once', async () => {
  const { jobs, driver, last, closed } = await afterLeaving();
  const takenUp = driver.takeUp();
  await tick();
  expect(jobs.map(({ type, details }) => [type, details.training, details.train])).toEqual([
    ['trainTask', 'plain, adapted with λ 1', true],
  ]);
  for (const event of [epochs(8), epochs(3), batch, batch]) last().tell(event);
  expect(useLab.getState().notice).toMatch(
    /adapted with R network for flows .* picked up after 11\sepochs\.$/,
  );
  useLab.setState({ notice: null });
  last().tell(batch);
  expect(useLab.getState().notice).toBeNull();
  last().resolve(network(true));
  await takenUp;
  // Nobody looks at the view, so nothing else is asked, and the worker goes.
  expect([jobs.length, closed(), known().live, trainingsUnderWay()]).toEqual([1, 1, null, []]);
  await driver.takeUp();
  expect(jobs).toHaveLength(1);
});

test('what was stopped, or another page works on, is not taken up', async () => {
  const { jobs, driver } = await afterLeaving();
  const release = await holdOrder(taskRun('fluids'));
  vi.useFakeTimers();
  const takenUp = driver.takeUp();
  await vi.advanceTimersByTimeAsync(3000);
  await takenUp;
  vi.useRealTimers();
  expect(jobs).toHaveLength(0);
  expect(trainingsUnderWay()).toHaveLength(1);
  release();

  const stopped = await opened();
  const training = stopped.driver.train('adapted');
  await tick();
  stopped.driver.stop();
  stopped.last().resolve(network());
  await training;
  expect(trainingsUnderWay()).toEqual([]);
});

test('a network opened from a file is shown: the view is set to it, and what is known of it is asked anew', async () => {
  const { driver, last, jobs } = await opened();
  const opening = driver.openFile(new Uint8Array(1), 'it.safetensors');
  await tick();
  expect(last().type).toBe('openTask');
  last().resolve({ task: 'fluids', training: 'plain, adapted with λ 10', seed: 3 });
  await opening;
  await tick();
  expect(useTasks.getState()).toMatchObject({ tab: 'flows', way: 'adapted', lambda: 10, seed: 3 });
  expect(last().details).toMatchObject({ training: 'plain, adapted with λ 10', seed: 3, train: false });
  last().resolve(network(true));
  await tick();
  const before = jobs.length;
  const unknown = driver.openFile(new Uint8Array(1), 'it.safetensors');
  await tick();
  expect(jobs.length).toBeGreaterThan(before);
  last().resolve({ task: 'fluids', training: 'equivariant, from scratch', seed: 3 });
  await expect(unknown).rejects.toThrow(/no place for/);
});
