/**
 * The training of each task that goes on, remembered in this browser until it ends: the next page takes up one that was cut
 * off, as runs are taken up.
 */
import type { z } from 'zod';
import { keep, recall } from '../page/kept';
import { TABS, type Tab, tasksSchema } from './form';

const markSchema = tasksSchema.pick({ tab: true, way: true, lambda: true, seed: true });
export type UnderWay = z.infer<typeof markSchema>;

const keyOf = (tab: Tab): string => `orbit-lab training of ${tab}`;

export function markTraining({ tab, way, lambda, seed }: UnderWay): void {
  keep(keyOf(tab), { tab, way, lambda, seed } satisfies UnderWay);
}

/** It has ended, one way or another. */
export const unmarkTraining = (tab: Tab): void => keep(keyOf(tab), null);

/** Those that are marked: they go on in some page of this browser, or were cut off. */
export const trainingsUnderWay = (): UnderWay[] =>
  TABS.flatMap((tab) => {
    const { data } = markSchema.safeParse(recall(keyOf(tab)));
    return data?.tab === tab ? [data] : [];
  });
