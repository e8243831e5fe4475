/** The view of the other tasks has a worker of its own, and follows what is set on it. */
import type { Way } from '../../lab/tasks/adapting';
import { useLab } from '../page/lab';
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
