/**
 * Has a worker train the networks of the other tasks, and look at flows and scenes. What is wanted (a task, its networks, a
 * flow or scene) and what is known lie side by side, and one loop asks for the most urgent difference, one job at a time. A
 * training is asked for by a person; while it runs nothing else is asked. A worker that ends, a page that is left, and another
 * engine are the same event: the training goes on after its last epoch, and what is shown is asked for anew.
 */
import { BadInput } from '../../lab/errors';
import { plain } from '../../lab/plain';
import { WAYS, type Way, wayOf } from '../../lab/tasks/adapting';
import { holdOrder, isRunFree, taskRun } from '../../storage/runLock';
import type { Job, LabClient } from '../../worker/page/client';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent, TaskNetwork } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { shownKey, TABS, TASK_OF, type TasksForm, useTasks, type Wanted, wantedOf } from '../tasks/form';
import { applyToNetwork, isTrained, type Maker, startingNetwork, useTasksKnown } from '../tasks/known';
import { markTraining, trainingsUnderWay, type UnderWay, unmarkTraining } from '../tasks/underWay';
import { explain } from '../words/explain';
import { unlessDeleted } from '../words/library';
import { takenUpSentence } from '../words/tasks';
import { Deaths } from './deaths';
import { engineWanted } from './engine';

const { getState, setState } = useTasksKnown;

interface Step {
  readonly key: string;
  ask(): Promise<void>;
}

export class TasksDriver {
  private readonly deaths = new Deaths();
  private starting: Promise<unknown> | null = null;
  /** Whether anybody has looked at the view: before that nothing is asked for but a training that was cut off. */
  private isOpen = false;
  private running = false;
  /** What failed is not tried again until something else is asked for. */
  private failed: string | null = null;
  private job: Job<TaskNetwork> | null = null;
  /** A training that is taken up, with its epochs that turn out to be kept, until that is said. */
  private cutOff: { readonly wanted: Wanted; readonly epochs: number } | null = null;

  constructor(private readonly client: Pick<LabClient, 'run' | 'close'>) {}

  /** From now on whatever the view shows is asked for. */
  open(): Promise<void> {
    this.isOpen = true;
    return this.converge();
  }

  /** Asks for what is missing until nothing is. */
  async converge(): Promise<void> {
    if (this.running || !this.isOpen) return;
    this.running = true;
    try {
      for (let step = this.next(); step; step = this.next()) {
        try {
          await this.start();
          await step.ask();
          this.failed = null;
          setState({ trouble: null });
        } catch (error) {
          // A lost worker took nothing with it that is not asked for again.
          if (error instanceof WorkerLost) continue;
          this.failed = step.key;
          setState({ trouble: explain(error) });
        }
      }
    } finally {
      this.running = false;
      setState({ busy: null });
    }
  }

  /** Tries again after something went wrong. */
  retry(): void {
    this.failed = null;
    this.deaths.forget();
    setState({ trouble: null });
    void this.converge();
  }

  /** Trains the network of a way, from its beginning or after the last epoch that is kept. */
  train(way: Way): Promise<void> {
    return this.work({ ...useTasks.getState(), way });
  }

  /** Takes up what pages that were left have begun, unless another page works on it. */
  async takeUp(): Promise<void> {
    for (const { tab } of trainingsUnderWay()) {
      const isFree = await isRunFree(taskRun(TASK_OF[tab]));
      // Meanwhile another page may have ended it.
      const still = trainingsUnderWay().find((each) => each.tab === tab);
      if (isFree && still) await this.work(still, true);
    }
  }

  private async work(training: UnderWay, isCutOff = false): Promise<void> {
    if (getState().live) return;
    const wanted = wantedOf(training, training.way);
    this.cutOff = isCutOff ? { wanted, epochs: 0 } : null;
    setState({ live: startingNetwork(wanted), trouble: null, refusal: null, notice: null });
    markTraining(training);
    const holding = holdOrder(taskRun(wanted.task));
    try {
      while (await this.attempt(wanted));
    } catch (error) {
      setState({ refusal: explain(error) });
    }
    this.job = null;
    unmarkTraining(training.tab);
    (await holding)();
    setState({ live: null });
    if (!this.isOpen) this.end();
    void this.converge();
  }

  /** The file of a way's network, which is trained. */
  async save(way: Way): Promise<Uint8Array> {
    const { task, training, seed } = wantedOf(useTasks.getState(), way);
    await this.start();
    return this.client.run('saveTask', { task, training, seed }).result;
  }

  /** Opens the file of a network, and sets the view to it. Throws where it cannot be. */
  async openFile(file: Uint8Array, name: string): Promise<void> {
    await this.start();
    const { task, training, seed } = await this.client.run('openTask', { file, name }).result;
    const at = wayOf(task, training);
    if (!at)
      throw new BadInput(
        `${plain(name)} holds the network “${plain(training)}”, which this view has no place for.`,
      );
    const form = { ...at, seed, tab: TABS.find((tab) => TASK_OF[tab] === task)! };
    // What is known of it is asked anew.
    const { [wantedOf(form, at.way).key]: _, ...networks } = getState().networks;
    setState({ networks });
    useTasks.setState(form);
    void this.converge();
  }

  /** Stops for now: the last finished epoch is kept. */
  stop(): void {
    const { live } = getState();
    if (!live) return;
    setState({ live: { ...live, status: 'stopping' } });
    this.job?.control('stop');
  }

  /** The worker ended by itself. */
  lost(why: string): void {
    this.starting = null;
    const kept = unlessDeleted('Every finished epoch was kept.');
    const times = this.deaths.tooMany();
    if (times === null)
      setState({ notice: `The engine of this view ended (${why}) and was started again. ${kept}` });
    else
      setState({
        trouble: `The engine of this view ended ${times} times within a few minutes (${why}). ${kept} Try again, or choose another engine at the top.`,
      });
  }

  /** Another engine was chosen. */
  restart(): void {
    this.end();
    void this.converge();
  }

  private end(): void {
    this.client.close();
    this.starting = null;
  }

  /** One worker's share of a training; whether another one has to go on. */
  private async attempt(wanted: Wanted): Promise<boolean> {
    const stopping = () => getState().live?.status === 'stopping';
    try {
      await this.start();
      if (stopping()) return false;
      const { task, training, seed } = wanted;
      const asked = { task, training, seed, train: true };
      this.job = this.client.run('trainTask', asked, (event) => {
        this.tellTakenUp(event);
        follow(event);
      });
      know(wanted, await this.job.result);
      return false;
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      // Where too many have ended, that was said.
      if (getState().trouble !== null || stopping()) return false;
      setState({ live: startingNetwork(wanted) });
      return true;
    }
  }

  /** What is kept of each training of a chain is told before the first batch. */
  private tellTakenUp(event: JobEvent): void {
    if (!this.cutOff) return;
    const { wanted, epochs } = this.cutOff;
    if (event.type === 'resumed') this.cutOff = { wanted, epochs: epochs + event.history.length };
    if (event.type !== 'batch') return;
    useLab.setState({ notice: takenUpSentence(wanted, epochs) });
    this.cutOff = null;
  }

  /** The engine, started once for each worker. */
  private async start(): Promise<void> {
    this.starting ??= this.client.run('start', engineWanted()).result;
    const { starting } = this;
    setState({ busy: 'Starting the engine' });
    try {
      await starting;
    } catch (error) {
      if (this.starting === starting) this.starting = null;
      throw error;
    } finally {
      setState({ busy: null });
    }
  }

  /** The most urgent thing that is not known yet. */
  private next(): Step | null {
    const { live, trouble, networks } = getState();
    if (live) return null;
    const form = useTasks.getState();
    const wanted = [form.way, ...WAYS.filter((way) => way !== form.way)].map((way) => wantedOf(form, way));
    const [step] = [
      ...this.lookSteps(form, 'nobody', null),
      ...wanted.flatMap((each) => (networks[each.key] ? [] : [this.networkStep(each)])),
      ...wanted.flatMap((each) =>
        isTrained(networks[each.key]) ? this.lookSteps(form, each.way, each) : [],
      ),
    ];
    // What failed stands in the way of all behind it until something else is wanted, or a person tries again.
    const isBarred = trouble !== null && (this.failed === null || this.failed === step?.key);
    return step && !isBarred ? step : null;
  }

  private networkStep(wanted: Wanted): Step {
    const { task, training, seed } = wanted;
    return {
      key: wanted.key,
      ask: async () => {
        setState({ busy: 'Looking for kept networks' });
        const asked = { task, training, seed, train: false };
        know(wanted, await this.client.run('trainTask', asked, follow).result);
      },
    };
  }

  /** What a maker is to be asked for, where that is not known. */
  private lookSteps(form: TasksForm, maker: Maker, wanted: Wanted | null): Step[] {
    const { tab, flow, turns, mirror, move, scene, seed } = form;
    const key = shownKey(form, wanted);
    const place = tab === 'flows' ? 'flows' : 'scenes';
    if (getState()[place][maker]?.key === key) return [];
    const by = { training: wanted?.training ?? null, seed };
    const ask = async () => {
      setState({ busy: tab === 'flows' ? 'Solving the flow' : 'Painting the scene' });
      const how = { element: { turns, mirror: mirror === 'yes' }, moved: move === 'yes' };
      const shown = await (tab === 'flows'
        ? this.client.run('flow', { number: flow, ...how, ...by })
        : this.client.run('scene', { number: scene, ...by })
      ).result;
      setState((state) => ({
        [place]: { ...state[place], [maker]: { key, of: wanted?.key ?? null, shown } },
      }));
    };
    return [{ key, ask }];
  }
}

function follow(event: JobEvent): void {
  const { live } = getState();
  if (event.type === 'warning') setState({ notice: event.message });
  if (live) setState({ live: applyToNetwork(live, event) });
}

const know = ({ key }: Wanted, network: TaskNetwork): void =>
  setState(({ networks }) => ({ networks: { ...networks, [key]: network } }));
