/**
 * What every task here is about: a plain network that was taught much of one kind is adapted, in several ways, to another
 * kind of which there is little; beside it stands one that is equivariant by construction. The rows and trainings that
 * follow from it, and what they are called. Plain values.
 */
import type { TaskName } from './names';
import type { TaskRow, TaskTraining } from './task';

/** λ of the penalty: of these the validation examples choose. */
export const TASK_LAMBDAS: Readonly<Record<TaskName, readonly number[]>> = {
  fluids: [0.1, 1, 10],
  detection: [0.03, 0.3, 3],
};

/** The ways that a person chooses from: the ids of their rows. */
export const WAYS = ['tuned', 'adapted', 'equivariant'] as const;
export type Way = (typeof WAYS)[number];

const adapted = (lambda: number): string => `plain, adapted with λ ${lambda}`;

/** The training that a way ends with. */
export function trainingOf(way: Way, lambda: number): string {
  if (way === 'adapted') return adapted(lambda);
  return way === 'tuned' ? 'plain, fine-tuned' : 'equivariant, fine-tuned';
}

/** The way, and its λ, that end with a training; null for one that no way ends with. */
export function wayOf(
  task: TaskName,
  training: string,
): { readonly way: Way; readonly lambda: number } | null {
  const [first, ...others] = TASK_LAMBDAS[task];
  for (const way of WAYS)
    for (const lambda of way === 'adapted' ? [first, ...others] : [first])
      if (trainingOf(way, lambda) === training) return { way, lambda };
  return null;
}

export interface Adapting {
  readonly lambdas: readonly number[];
  /** What examples are made of, in the plural. */
  readonly examples: string;
  /** Another network that is fine-tuned without a penalty, with the label of its row. */
  readonly beside?: { readonly network: string; readonly label: string };
}

export function adaptingRows({ lambdas, examples, beside }: Adapting): TaskRow[] {
  const row = (id: string, training: string): TaskRow => ({ id, label: training, of: [training] });
  return [
    { id: 'plain', label: 'plain, not adapted', of: ['plain'] },
    row('tuned', trainingOf('tuned', 0)),
    row('augmented', onTurned(examples)),
    { id: 'adapted', label: 'plain, adapted with R', of: lambdas.map(adapted) },
    ...(beside ? [{ id: beside.network, label: beside.label, of: [`${beside.network}, fine-tuned`] }] : []),
    row('scratch', 'equivariant, from scratch'),
    row('equivariant', trainingOf('equivariant', 0)),
  ];
}

const onTurned = (examples: string): string => `plain, fine-tuned on turned ${examples}`;

/** Of a training that begins with fresh weights on much, and of one that goes on with little. */
interface Pace {
  readonly epochs: { readonly source: number; readonly target: number };
  readonly rates: { readonly fresh: number; readonly goingOn: number };
}

/** All that is adapted has the same number of steps on the same few examples. */
export function adaptingTrainings(
  { lambdas, examples, beside }: Adapting,
  { epochs, rates }: Pace,
): TaskTraining[] {
  const how = { lambda: 0, augment: false, batch: 8 };
  const first = { ...how, from: null, set: 'source', epochs: epochs.source, learningRate: rates.fresh };
  const then = { ...how, set: 'target', epochs: epochs.target, learningRate: rates.goingOn };
  /** A network taught, and then fine-tuned. */
  const both = (network: string): TaskTraining[] => [
    { ...first, id: network, network },
    { ...then, id: `${network}, fine-tuned`, network, from: network },
  ];
  const plain = { ...then, network: 'plain', from: 'plain' };
  return [
    ...both('plain'),
    { ...plain, id: onTurned(examples), augment: true },
    ...lambdas.map((lambda) => ({ ...plain, id: adapted(lambda), lambda })),
    ...(beside ? both(beside.network) : []),
    {
      ...{ ...then, id: 'equivariant, from scratch', network: 'equivariant', from: null },
      learningRate: rates.fresh,
    },
    ...both('equivariant'),
  ];
}

/** A training after all that it goes on from. */
export function chainOf(trainings: readonly TaskTraining[], id: string): TaskTraining[] {
  const training = trainings.find((each) => each.id === id);
  if (!training) return [];
  return [...(training.from === null ? [] : chainOf(trainings, training.from)), training];
}
