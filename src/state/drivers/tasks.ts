/** The view of the other tasks has a worker of its own, and follows what is set on it. */
import type { Way } from '../../lab/tasks/adapting';
import { useLab } from '../page/lab';
import { showView } from '../page/view';
import { useTasks } from '../tasks/form';
import { TasksDriver } from './taskDriver';
import { newClient } from './workers';

const driver: TasksDriver = new TasksDriver(newClient((why) => driver.lost(why)));

useTasks.subscribe(() => void driver.converge());
useLab.subscribe(({ preference }, before) => {
  if (preference !== before.preference) driver.restart();
});

/** Follows what is set on the view from now on. Called when the view opens. */
export const followTasks = (): void => void driver.open();

/** Takes up the trainings that were cut off. Called once, when the page opens, whatever its view. */
export const takeUpTasks = (): Promise<void> => driver.takeUp();

export const retryTasks = (): void => driver.retry();
export const trainNetwork = (way: Way): Promise<void> => driver.train(way);
export const stopNetwork = (): void => driver.stop();

/** The file of a network that is trained. Throws where it cannot be had. */
export const taskFile = (way: Way): Promise<Uint8Array> => driver.save(way);

/** Opens the file of a network under Tasks. Throws where it cannot be. */
export async function openTaskFile(file: Uint8Array, name: string): Promise<void> {
  await driver.openFile(file, name);
  showView('tasks');
}
