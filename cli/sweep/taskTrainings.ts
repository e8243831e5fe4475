/** Trainings of tasks, in a process that does them one after the other: it keeps the data that the tasks have made. */
import { BadInput } from '../../src/lab/errors';
import type { Params } from '../../src/lab/nn/model';
import { spatialCost } from '../../src/lab/spatial/arch';
import type { FitCheckpoint } from '../../src/lab/stage/checkpoint';
import { finish, mapEvents, type Stage } from '../../src/lab/stage/events';
import { keepingCheckpoints } from '../../src/lab/stage/store';
import { runTraining, type TaskMaterial, type TaskTraining, trainingIds } from '../../src/lab/tasks/task';
import { TASKS } from '../../src/lab/tasks/tasks';
import type { Artefacts } from '../artefacts/open';
import { Few } from './few';
import type { StepProgress, TrainingOrder } from './stepMessages';
import { trainingSchema } from './work';

/** At once: at full scale they are large. */
const MOST_TASKS = 2;

export class TaskTrainings {
  readonly #materials = new Few<Promise<TaskMaterial>>(MOST_TASKS);

  /** Does a training over the store. Throws `BadInput` where it is not what its id says. */
  async do(
    { id, work }: TrainingOrder,
    store: Artefacts,
    told: (progress: StepProgress) => void,
  ): Promise<void> {
    const { data } = trainingSchema.safeParse(work);
    const task = TASKS.find(({ name }) => name === data?.task);
    if (!data || !task) throw new BadInput('It is no training of a task that this lab knows.');
    const { scale, seed, chain } = data;
    const material = await this.#materials.get(`${task.name} ${scale}`, () => task.open(scale));
    const ids = trainingIds(task, scale, seed, material.archs, chain);
    const links = chain.map((training) => ({ training, id: ids.get(training.id)! }));
    if (links.at(-1)?.id !== id) throw new BadInput('It is another training than its id says.');
    await finish(trained(material, seed, links, store), (event) => {
      if (event.type !== 'epoch') return;
      const { epoch, epochs, validationLoss } = event;
      told({ epoch, epochs, loss: validationLoss });
    });
  }
}

interface Link {
  readonly training: TaskTraining;
  readonly id: string;
}

/** The network that the last training of a chain leaves. Those before it that the store has lost are made again first. */
async function* trained(
  material: TaskMaterial,
  seed: number,
  chain: readonly Link[],
  store: Artefacts,
): Stage<Params> {
  const { training, id } = chain[chain.length - 1];
  const done = await store.loadTraining(id);
  if (done) return done.best;
  const start = chain.length > 1 ? yield* trained(material, seed, chain.slice(0, -1), store) : null;
  let last: FitCheckpoint | undefined = await store.loadCheckpoint(id);
  const stage = runTraining(material, training, seed, start, last);
  const { params, best, history } = yield* mapEvents(keepingCheckpoints(stage, store, id), (event) => {
    if (event.type === 'checkpoint') last = event.checkpoint;
    return event;
  });
  const weights = Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
  await store.saveTraining(
    {
      ...{ id, name: training.id, kind: 'training', accuracy: best.accuracy },
      ...{ ...spatialCost(material.archs[training.network]), bytes: 4 * weights },
      ...{ seconds: history.reduce((sum, { seconds }) => sum + seconds, 0), epochs: history },
    },
    last!,
  );
  return params;
}
