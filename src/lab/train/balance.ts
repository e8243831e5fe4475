/**
 * Unequal classes in training: tiles weighed in the loss by how rare their class is, or batches that hold the classes evenly.
 * Both are functions of labels, seed and epoch alone, so a resumed training sees what an uninterrupted one does.
 */
import { permutation } from '../random';

export const BALANCES = ['weights', 'batches'] as const;
export type Balance = (typeof BALANCES)[number];

/**
 * The weight of each class in the loss: inversely as its tiles, so that all classes weigh the same together, and the mean
 * over the tiles is 1: tiles / (classes that have any · tiles of the class). A class without tiles has weight 0.
 */
export function classWeights(labels: ArrayLike<number>, classes: number): number[] {
  const counts = countsOf(labels, classes);
  const present = counts.filter((n) => n > 0).length;
  return counts.map((n) => (n === 0 ? 0 : labels.length / (present * n)));
}

/**
 * The order of training examples in an epoch (from 1) in which classes take turns: of any run of as many examples as there
 * are classes that begins at a multiple of that, each class has one. It is as long as an ordinary epoch, so small classes are
 * seen more than once in it, each time in another order, and of large ones the next epoch sees what this one did not.
 */
export function balancedOrder(labels: ArrayLike<number>, seed: number, epoch: number): Uint32Array {
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const rows = byClass.get(labels[row]);
    if (rows) rows.push(row);
    else byClass.set(labels[row], [row]);
  }
  const classes = [...byClass.keys()].sort((a, b) => a - b);
  const shuffled = new Map<string, Uint32Array>();
  const rowAt = (label: number, round: number): number => {
    const rows = byClass.get(label)!;
    const pass = Math.floor(round / rows.length);
    const key = `${label} ${pass}`;
    const order = shuffled.get(key) ?? permutation(rows.length, seed, 'balanced', label, pass);
    shuffled.set(key, order);
    return rows[order[round % rows.length]];
  };
  const first = (epoch - 1) * labels.length;
  let round = -1;
  let turns: Uint32Array = new Uint32Array();
  return Uint32Array.from({ length: labels.length }, (_, i) => {
    const now = Math.floor((first + i) / classes.length);
    if (now !== round) [round, turns] = [now, permutation(classes.length, seed, 'turns', now)];
    return rowAt(classes[turns[(first + i) % classes.length]], round);
  });
}

function countsOf(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}
