/** Files of runs that a person takes away: networks and recipes. */
import type { Recipe } from '../../lab/recipe/schema';
import type { RunRow } from '../../library/runs';
import { explain } from '../../stores/explain';
import { networkFile, useTraining } from '../../stores/training';
import { save } from '../save';

/** The network that a stage of a run left; trouble is said in the run's card. */
export async function saveNetwork({ id, name }: Pick<RunRow, 'id' | 'name'>, stage = 'train'): Promise<void> {
  try {
    const file = new Uint8Array(await networkFile(id, stage));
    save(file, `${fileName(stage === 'train' ? name : `${name} ${stage}`)}.safetensors`);
  } catch (error) {
    useTraining.setState({ trouble: `The network could not be handed out. ${explain(error)}` });
  }
}

export function saveRecipe(recipe: Recipe, name: string = recipe.name): void {
  save(`${JSON.stringify({ ...recipe, name }, null, 2)}\n`, `${fileName(name)}.json`);
}

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-') || 'run';
