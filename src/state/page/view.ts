/** Which view is open. */
import { create } from 'zustand';

export const VIEWS = [
  'prune',
  'rotate',
  'fields',
  'train',
  'pipeline',
  'adapt',
  'tasks',
  'data',
  'paper',
  'learn',
] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_NAMES: Record<View, string> = {
  prune: 'Prune',
  rotate: 'Rotate',
  fields: 'Fields',
  train: 'Train',
  pipeline: 'Pipeline',
  adapt: 'Adapt',
  tasks: 'Tasks',
  data: 'Data',
  paper: 'Paper',
  learn: 'Learn',
};

export const useView = create<{ readonly view: View }>()(() => ({ view: 'prune' }));

export const showView = (view: View): void => useView.setState({ view });
