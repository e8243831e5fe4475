/** From the trainings of a task to jobs, and back to the files that they leave when they are made here. */
import { encodeCheckpoint } from '../../src/lab/files/checkpointFile';
import { hashOf } from '../../src/lab/recipe/identity';
import { chainOf } from '../../src/lab/tasks/adapting';
import { writeAtomically } from '../node/files';
import { checkpointIn, type TaskRun } from '../reproduce/taskRun';
import type { PlannedJob } from './board';
import { type Ground, groundId, type Place } from './ground';
import type { Lot } from './lots';

/** The trainings of one seed as jobs, each of which needs the one that it goes on from. */
export function planTask({ task, scale, seed, folder, trainings }: TaskRun, place: Place): Lot {
  const { name } = task;
  const made = { task: name, scale, settings: task.settings(scale) };
  const ground: Ground = {
    ...place.software,
    data: { kind: 'task', title: `data that ${name} makes itself`, fingerprint: hashOf(made) },
    store: place.store,
  };
  const label = `${name}, seed ${seed}`;
  const all = trainings.map(({ training }) => training);
  const ids = new Map(trainings.map(({ training, id }) => [training.id, id]));
  return {
    ...{ label, folder, ground },
    jobs: trainings.map(
      ({ training, id }): PlannedJob => ({
        ...{ id, ground: groundId(ground), label: `${label}: ${training.id}`, run: label, step: training.id },
        work: { kind: 'training', task: name, scale, seed, chain: chainOf(all, training.id) },
        needs: training.from === null ? [] : [ids.get(training.from)!],
      }),
    ),
    // A job says all that it is.
    provide: async () => {},
    gather: async (store) => {
      for (const placed of trainings) {
        const isThere = (await checkpointIn(placed))?.history.length === placed.training.epochs;
        const left = isThere ? undefined : await store.loadTraining(placed.id);
        if (left) await writeAtomically(placed.file, encodeCheckpoint(left));
      }
    },
  };
}
