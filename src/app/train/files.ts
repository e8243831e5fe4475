/** Files of runs that a person takes away: networks and recipes. */
import type { Recipe } from '../../lab/recipe/schema';
import { zipForTakingAlong } from '../../state/drivers/session';
import { networkFile, useTraining } from '../../state/drivers/training';
import type { ExportSubject } from '../../state/page/exporting';
import { slug } from '../../state/page/table';
import { explain } from '../../state/words/explain';
import { networkFileName as networkName } from '../../state/wrong/subjects';
import type { RunRow } from '../../storage/rows';
import { save } from '../saving/save';

/** The network that a stage of a run left; trouble is said in the run's card. */
export async function saveNetwork({ id, name }: Pick<RunRow, 'id' | 'name'>, stage = 'train'): Promise<void> {
  try {
    const file = new Uint8Array(await networkFile(id, stage));
    save(file, `${networkName(name, stage)}.safetensors`);
  } catch (error) {
    useTraining.setState({ trouble: `The network could not be handed out. ${explain(error)}` });
  }
}

/** The same network with ordinary convolutions, a script that runs it and a README. */
export async function takeNetworkAlong(
  { id, name }: Pick<RunRow, 'id' | 'name'>,
  stage = 'train',
): Promise<void> {
  try {
    const folder = networkName(name, stage);
    save(new Uint8Array(await zipForTakingAlong(await networkFile(id, stage), folder)), `${folder}.zip`);
  } catch (error) {
    useTraining.setState({ trouble: `The network could not be handed out. ${explain(error)}` });
  }
}

/** The network that a stage of a run left, to be made a file for other programs. */
export const exportSubject = ({ id, name }: Pick<RunRow, 'id' | 'name'>, stage = 'train'): ExportSubject => ({
  name: networkName(name, stage),
  load: () => networkFile(id, stage),
});

export function saveRecipe(recipe: Recipe, name: string = recipe.name): void {
  save(`${JSON.stringify({ ...recipe, name }, null, 2)}\n`, `${slug(name)}.json`);
}
