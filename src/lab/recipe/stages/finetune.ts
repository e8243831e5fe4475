/** Adaptive fine-tuning of the network at hand towards the accuracy of another one. */
import { logitsFromFeatures } from '../../evaluate/features';
import { requireHidden, unitRefusal } from '../../families/units';
import { requireFloat } from '../../nn/model';
import { checkHead } from '../../prune/neurons/study';
import { finetuneInStudy } from '../../prune/tuning/tuning';
import { finetuneWhole } from '../../prune/tuning/whole';
import { secondsSince } from '../../runtime/stopwatch';
import { keepingCheckpoints } from '../../stage/store';
import { resolve, trunkOf } from '../networks';
import type { DoStep } from '../run';
import type { StepOf } from '../step';
import { turnsOf } from './turns';

export const finetune: DoStep<StepOf<'finetune'>> = async function* ({ run, planned, splits, ...given }) {
  const began = performance.now();
  const { dataset, store, studies, ids } = run;
  const { step, split, seed, name } = planned;
  const { settings } = step;
  if (unitRefusal(given.input.arch, 'neuron') !== null) {
    return yield* tuneWhole({ run, planned, splits, ...given });
  }
  const [pruned, towards] = [requireHidden(given.input), requireHidden(given.towards)];
  requireFloat(pruned);
  const aim = await trunkOf(run, planned.towards, split);
  const known = yield* studies.tilesOf(aim, towards, dataset, splits);
  const network = JSON.stringify([await resolve(run, planned.towards), split]);
  const { accuracy: baseline } = await studies.baselineOf(network, towards, known);
  const teacher = settings.distil && (await logitsFromFeatures(towards, known.train.values));
  const tiles = yield* studies.tilesOf(await trunkOf(run, planned.input, split), pruned, dataset, splits);
  const start = (await checkHead(tiles.turns, pruned)).accuracy;
  // Only whole-network fine-tuning is long enough to be worth a checkpoint each epoch.
  const long = settings.scope === 'network';
  const key = ids.get(name)!;
  const resume = long ? await store.loadCheckpoint(key) : undefined;
  const before = (resume?.history ?? []).reduce((sum, { seconds }) => sum + seconds, 0);
  const ground = { model: towards, dataset, splits, ...tiles };
  const tuning = finetuneInStudy(ground, pruned, { baseline, start, teacher }, settings, seed, resume);
  const { model, ...result } = yield* long ? keepingCheckpoints(tuning, store, key) : tuning;
  // Whole-network fine-tuning moves the trunk, so its answers are not known any more.
  const check =
    long && result.triggered ? yield* turnsOf(run, splits, model) : await checkHead(tiles.turns, model);
  const seconds = before + secondsSince(began);
  return { figures: { ...check, seconds, scope: settings.scope, ...result }, model };
};

/** Of a network without a hidden layer behind a trunk: there is nothing that could be trained alone. */
const tuneWhole: DoStep<StepOf<'finetune'>> = async function* ({ run, planned, splits, input, towards }) {
  const began = performance.now();
  const { dataset, store, ids } = run;
  const { settings } = planned.step;
  requireFloat(input);
  const key = ids.get(planned.name)!;
  const resume = await store.loadCheckpoint(key);
  const before = (resume?.history ?? []).reduce((sum, { seconds }) => sum + seconds, 0);
  const tuning = finetuneWhole(towards, input, dataset, splits, settings, planned.seed, resume);
  const { model, ...result } = yield* keepingCheckpoints(tuning, store, key);
  const check = yield* turnsOf(run, splits, model);
  const seconds = before + secondsSince(began);
  return { figures: { ...check, seconds, scope: settings.scope, ...result }, model };
};
