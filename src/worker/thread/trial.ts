/** The pictures that a file for other programs is tried on, of what this browser has. */
import { bandsFor } from '../../lab/data/bands';
import { datasetHash, shrinkTiles } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import type { MadeChoices } from '../../lab/files/onnx/choices';
import type { Trial } from '../../lab/files/onnx/make';
import { madeUpTrial, trialOn } from '../../lab/files/onnx/trial';
import type { AnyModel } from '../../lab/nn/model';
import { splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import { loadDataset } from '../../storage/tiles';

/** Test tiles of the set that the network learnt from, where this browser has it; else pictures that are made up. */
export async function trialFor(
  model: AnyModel,
  { rounding }: Pick<MadeChoices, 'rounding'>,
): Promise<{ trial: Trial; tried: string }> {
  const origin = provenanceIn(model);
  const source = origin && (await loadDataset(origin.data.name).catch(() => null));
  if (origin?.recipe.split && source && datasetHash(source) === origin.data.fingerprint) {
    const dataset = shrinkTiles(bandsFor(source, model.arch.input), model.arch.input.size);
    const trial = trialOn(dataset, splitOf(source, origin.recipe.split));
    return { trial, tried: `${trial.check.length} test tiles of ${dataset.title}` };
  }
  if (rounding === 'static')
    throw new BadInput(
      'Fixed ranges are found on the tiles that the network learnt from, and this browser does not have them: import them under Data, or choose ranges found anew.',
    );
  const trial = madeUpTrial(model.arch.input);
  return { trial, tried: `${trial.check.length} made-up pictures` };
}
