/** The steps that prune: hidden neurons, whole fields, spatial orbits of kernels. */
import type { Splits } from '../../data/dataset';
import { latencies } from '../../evaluate/latency';
import type { GcnnModel } from '../../families/gcnn/model';
import { requireHidden } from '../../families/units';
import { requireFloat } from '../../nn/model';
import { prune } from '../../prune/neurons/prune';
import { checkHead, type Study } from '../../prune/neurons/study';
import { pruneOrbitsOf } from '../../prune/orbits/prune';
import { pruneFieldsInSteps, pruneNeuronsInSteps } from '../../prune/tuning/steps';
import { deadUnits } from '../../prune/units/statistics';
import { secondsSince } from '../../runtime/stopwatch';
import type { Stage } from '../../stage/events';
import { finetuneSettingsSchema } from '../../train/settings';
import { trunkOf } from '../networks';
import type { Planned } from '../plan';
import type { DoStep, Run } from '../run';
import type { StepOf } from '../step';
import { turnsOf } from './turns';

/** A study of the network that a step takes. */
export async function* studyOf(run: Run, planned: Planned, splits: Splits, model: GcnnModel): Stage<Study> {
  const { dataset, studies } = run;
  requireFloat(model);
  const tiles = yield* studies.tilesOf(
    await trunkOf(run, planned.input, planned.split),
    model,
    dataset,
    splits,
  );
  const network = JSON.stringify([planned.input, planned.split]);
  return {
    model,
    dataset,
    splits,
    ...tiles,
    tiles: splits.val,
    statistics: await studies.statisticsOf(network, model, tiles),
    baseline: await studies.baselineOf(network, model, tiles),
  };
}

export const pruneNeurons: DoStep<StepOf<'prune'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { ratio, method, compensation, cascade, steps } = planned.step;
  const { seed } = planned;
  const study = yield* studyOf(run, planned, splits, requireHidden(input));
  const choice = { ratio, method, compensation, cascade, seed };
  const towards = { baseline: study.baseline.accuracy };
  const done = steps
    ? yield* pruneNeuronsInSteps(study, choice, {
        steps: steps.count,
        settings: steps.finetune,
        seed,
        towards,
      })
    : { ...prune(study.model, choice, study.statistics), study, rounds: undefined };
  const { model, kept, rounds } = done;
  const figures = {
    ...(await checkHead(done.study.turns, model)),
    seconds: secondsSince(began),
    ...{ method, compensation, cascade, ratio, ...towards },
    units: study.model.arch.head.hidden,
    dead: deadUnits(study.statistics),
    kept: Array.from(kept),
    ...(rounds && { rounds }),
  };
  return { figures, model };
};

export const pruneFields: DoStep<StepOf<'prune-fields'>> = async function* ({ run, planned, splits, input }) {
  const began = performance.now();
  const { ratio, method, compensation, budget, layers, steps, kept } = planned.step;
  const { dataset } = run;
  const { seed } = planned;
  const study = yield* studyOf(run, planned, splits, requireHidden(input));
  const target = kept ? { kept } : budget ? { budget: { of: budget, share: 1 - ratio } } : { ratio };
  const choice = { method, compensation, target, seed, ...(layers && { blocks: layers }) };
  const towards = { baseline: study.baseline.accuracy };
  const settings = steps?.finetune ?? finetuneSettingsSchema.parse({});
  const inSteps = { steps: steps?.count ?? 1, settings, seed, towards };
  const done = yield* pruneFieldsInSteps(study.model, dataset, splits, choice, latencies, inSteps);
  run.studies.put(JSON.stringify([{ kind: 'step', name: planned.name }, planned.split]), done.study);
  const [before, after] = await latencies([study.model.arch, done.model.arch]);
  const figures = {
    ...(yield* turnsOf(run, splits, done.model)),
    seconds: secondsSince(began),
    ...{ method, compensation, ratio, budget, ...towards },
    fields: study.model.arch.blocks.map(({ fields }) => fields),
    kept: done.kept.map((fields) => Array.from(fields)),
    /** Seconds per tile of a forward pass here, measured in turn. */
    latency: { before, after },
    ...(done.rounds.length > 0 && { rounds: done.rounds }),
    /** Of a budget of time: what it came to. */
    ...(done.reached && { reached: done.reached }),
  };
  return { figures, model: done.model };
};

export const pruneKernels: DoStep<StepOf<'prune-orbits'>> = async function* ({
  run,
  planned,
  splits,
  input,
}) {
  const began = performance.now();
  const { layer, target } = planned.step;
  const study = yield* studyOf(run, planned, splits, requireHidden(input));
  const orbits = target === 'ring' ? target : { ...target, seed: planned.seed };
  const { model, kept } = pruneOrbitsOf(study.model, orbits, layer === undefined ? undefined : [layer]);
  const figures = {
    ...(yield* turnsOf(run, splits, model)),
    seconds: secondsSince(began),
    ...(target === 'ring' ? { ring: true } : { method: target.method, ratio: target.ratio }),
    baseline: study.baseline.accuracy,
    layer,
    kept,
  };
  return { figures, model };
};
