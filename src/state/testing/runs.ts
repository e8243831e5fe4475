/** Rows of runs for tests. */
import { parseRecipe } from '../../lab/recipe/parse';
import type { RunRow } from '../../storage/rows';

const epoch = { epoch: 1, loss: 1, accuracy: 0.5, validationLoss: 1, learningRate: 0.01, seconds: 1 };

/** A training stopped after its first epoch. */
export function trainingRow(id: string, changes: Partial<RunRow> = {}, splitSeed = 1): RunRow {
  const recipe = parseRecipe({
    version: 1,
    name: id,
    arch: { id: 'tiny' },
    seed: 1,
    split: { seed: splitSeed, train: 0.6, val: 0.2, test: 0.2 },
    stages: [{ kind: 'train', settings: {} }],
  });
  const data = {
    ref: 'synthetic',
    title: 'Synthetic',
    synthetic: true,
    classes: ['a', 'b'],
    count: 10,
    hash: 'same',
  };
  return {
    id,
    kind: 'training',
    name: id,
    recipe,
    data,
    created: 0,
    status: 'stopped',
    engine: '',
    records: [],
    history: [epoch],
    later: null,
    tiles: { train: 6, val: 2, test: 2 },
    params: 1,
    stop: null,
    check: null,
    message: null,
    ...changes,
  };
}
