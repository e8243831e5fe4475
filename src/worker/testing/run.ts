/** A run on tiny tiles, kept as the page keeps one; for tests only. */
import type { Dataset } from '../../lab/data/dataset';
import type { Recipe } from '../../lab/recipe/schema';
import { finish } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { keepDataset } from '../../storage/tiles';
import { runAndKeep } from '../thread/running';

/** Runs a recipe to its end on WASM and keeps it as the pipeline `run`, named `half`, with the tiles that it ran on. */
export async function keepRun(recipe: Recipe, dataset: Dataset, run = 'r'): Promise<void> {
  await testPlatform().start('wasm');
  await keepDataset(dataset);
  const command = { type: 'train', id: 1, run, kind: 'pipeline', name: 'half', recipe } as const;
  await finish(runAndKeep({ ...command, data: dataset.name }, new AbortController().signal, null) as never);
}
