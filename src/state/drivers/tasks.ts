/**
 * Has a worker of its own train the networks of the other tasks, and look at flows and scenes. What is wanted (a task, its
 * networks, a flow or scene) and what is known lie side by side, and one loop asks for the most urgent difference, one job at
 * a time. A training is asked for by a person; while it runs nothing else is asked. A worker that ends, and another engine,
 * are the same event: the training goes on after its last epoch, and what is shown is asked for anew.
 */
import { WAYS, type Way } from '../../lab/tasks/adapting';
import type { Job } from '../../worker/page/client';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent, TaskNetwork } from '../../worker/protocol/protocol';
import { useLab } from '../page/lab';
import { shownKey, type TasksForm, useTasks, type Wanted, wantedOf } from '../tasks/form';
import { applyToNetwork, isTrained, type Maker, startingNetwork, useTasksKnown } from '../tasks/known';
import { explain } from '../words/explain';
import { unlessDeleted } from '../words/library';
import { Deaths } from './deaths';
import { engineWanted } from './engine';
import { newClient } from './workers';

const { getState, setState } = useTasksKnown;

const client = newClient(lost);
const deaths = new Deaths();
let starting: Promise<unknown> | null = null;
let running = false;
let following = false;
/** What failed is not tried again until something else is asked for. */
let failed: string | null = null;
let job: Job<TaskNetwork> | null = null;

/** Follows what is set on the view from now on. Called when the view opens. */
export function followTasks(): void {
  if (following) return void converge();
  following = true;
  useTasks.subscribe(() => void converge());
  useLab.subscribe(({ preference }, before) => {
    if (preference === before.preference) return;
    client.close();
    starting = null;
    void converge();
  });
  void converge();
}

/** Tries again after something went wrong. */
export function retryTasks(): void {
  failed = null;
  deaths.forget();
  setState({ trouble: null });
  void converge();
}

/** Trains the network of a way, from its beginning or after the last epoch that is kept. */
export async function trainNetwork(way: Way): Promise<void> {
  if (getState().live) return;
  const wanted = wantedOf(useTasks.getState(), way);
  setState({ live: startingNetwork(wanted), refusal: null, notice: null });
  try {
    while (await attempt(wanted));
  } catch (error) {
    setState({ refusal: explain(error) });
  }
  job = null;
  setState({ live: null });
  void converge();
}

/** Stops for now: the last finished epoch is kept. */
export function stopNetwork(): void {
  const { live } = getState();
  if (!live) return;
  setState({ live: { ...live, status: 'stopping' } });
  job?.control('stop');
}

/** One worker's share of a training; whether another one has to go on. */
async function attempt(wanted: Wanted): Promise<boolean> {
  const stopping = () => getState().live?.status === 'stopping';
  try {
    await start();
    if (stopping()) return false;
    const { task, training, seed } = wanted;
    job = client.run('trainTask', { task, training, seed, train: true }, follow);
    know(wanted, await job.result);
    return false;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    // Where too many have ended, that was said.
    if (getState().trouble !== null || stopping()) return false;
    setState({ live: startingNetwork(wanted) });
    return true;
  }
}

function follow(event: JobEvent): void {
  const { live } = getState();
  if (event.type === 'warning') setState({ notice: event.message });
  if (live) setState({ live: applyToNetwork(live, event) });
}

function lost(why: string): void {
  starting = null;
  const times = deaths.tooMany();
  if (times === null) {
    setState({
      notice: `The engine of this view ended (${why}) and was started again. ${unlessDeleted('Every finished epoch was kept.')}`,
    });
    return;
  }
  setState({
    trouble: `The engine of this view ended ${times} times within a few minutes (${why}). ${unlessDeleted('Every finished epoch was kept.')} Try again, or choose another engine at the top.`,
  });
}

/** The engine, started once for each worker. */
async function start(): Promise<void> {
  starting ??= client.run('start', engineWanted()).result;
  setState({ busy: 'Starting the engine' });
  try {
    await starting;
  } catch (error) {
    starting = null;
    throw error;
  } finally {
    setState({ busy: null });
  }
}

const know = ({ key }: Wanted, network: TaskNetwork): void =>
  setState(({ networks }) => ({ networks: { ...networks, [key]: network } }));

/** Asks for what is missing until nothing is. */
async function converge(): Promise<void> {
  if (running) return;
  running = true;
  try {
    for (let step = next(); step; step = next()) {
      try {
        await start();
        await step.ask();
        failed = null;
        setState({ trouble: null });
      } catch (error) {
        // A lost worker took nothing with it that is not asked for again.
        if (error instanceof WorkerLost) continue;
        failed = step.key;
        setState({ trouble: explain(error) });
      }
    }
  } finally {
    running = false;
    setState({ busy: null });
  }
}

interface Step {
  readonly key: string;
  ask(): Promise<void>;
}

/** The most urgent thing that is not known yet. */
function next(): Step | null {
  const { live, trouble, networks } = getState();
  const form = useTasks.getState();
  const first = [form.way, ...WAYS.filter((way) => way !== form.way)];
  const wanted = first.map((way) => wantedOf(form, way));
  if (live) return null;
  const steps = [
    ...lookSteps(form, 'nobody', null),
    ...wanted.flatMap((each) => (networks[each.key] ? [] : [networkStep(each)])),
    ...wanted.flatMap((each) => (isTrained(networks[each.key]) ? lookSteps(form, each.way, each) : [])),
  ];
  const [step] = steps;
  // What failed stands in the way of all behind it until something else is wanted, or a person tries again.
  if (!step || (trouble !== null && (failed === null || failed === step.key))) return null;
  return step;
}

function networkStep(wanted: Wanted): Step {
  const { task, training, seed } = wanted;
  return {
    key: wanted.key,
    ask: async () => {
      setState({ busy: 'Looking for kept networks' });
      know(wanted, await client.run('trainTask', { task, training, seed, train: false }, follow).result);
    },
  };
}

/** What a maker is to be asked for, where that is not known. */
function lookSteps(form: TasksForm, maker: Maker, wanted: Wanted | null): Step[] {
  const { tab, flow, turns, mirror, scene, seed } = form;
  const key = shownKey(form, wanted);
  const place = tab === 'flows' ? 'flows' : 'scenes';
  if (getState()[place][maker]?.key === key) return [];
  const by = { training: wanted?.training ?? null, seed };
  const ask = async () => {
    setState({ busy: tab === 'flows' ? 'Solving the flow' : 'Painting the scene' });
    const element = { turns, mirror: mirror === 'yes' };
    const shown = await (tab === 'flows'
      ? client.run('flow', { number: flow, element, ...by })
      : client.run('scene', { number: scene, ...by })
    ).result;
    setState((state) => ({
      [place]: { ...state[place], [maker]: { key, of: wanted?.key ?? null, shown } },
    }));
  };
  return [{ key, ask }];
}
