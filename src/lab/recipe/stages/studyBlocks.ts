/**
 * A study of a transformer: the networks that pruning inside its blocks leaves, each measured from tiles, for there is no trunk
 * whose answers could be kept. Statistics and the teacher's answers are computed once.
 */
import { layerCosts } from '../../evaluate/cost';
import { logitsAt, QUARTERS, rotationCheck } from '../../evaluate/rotation';
import { requireBlocks } from '../../families/units';
import type { VitModel } from '../../families/vit/model';
import type { AnyArch } from '../../nn/arch';
import { pruneUnits } from '../../prune/blocks/prune';
import { type BlockStatistics, unitStatisticsOf } from '../../prune/blocks/statistics';
import { BLOCK_UNITS, type BlockUnit } from '../../prune/blocks/units';
import { accuracyOn, finetuneWhole } from '../../prune/tuning/whole';
import { secondsSince } from '../../runtime/stopwatch';
import type { Stage } from '../../stage/events';
import { keepingCheckpoints } from '../../stage/store';
import { type BlockCell, studyNetworks } from '../studyPlan';
import { byCell, type StudyPlanned, type StudyRun } from './studyRun';

interface Whole {
  readonly model: VitModel;
  /** Validation accuracy, and logits on the training tiles. */
  readonly baseline: number;
  readonly teacher: Float32Array;
  readonly statistics: Readonly<Partial<Record<BlockUnit, readonly BlockStatistics[]>>>;
}

/** Makes and measures every network that is missing. */
export async function* studyBlocks(given: StudyRun): Stage<void> {
  const { missing, stage } = given;
  const total = studyNetworks(stage).length;
  let done = total - missing.length;
  const whole = yield* openWhole(given);
  for (const tunings of byCell(missing)) {
    yield* doCell(given, whole, tunings);
    done += tunings.length;
    yield { type: 'progress', what: 'prunings', done, total };
  }
}

async function* openWhole({ run: { dataset }, splits, input, stage }: StudyRun): Stage<Whole> {
  const model = requireBlocks(input);
  const statistics: Partial<Record<BlockUnit, readonly BlockStatistics[]>> = {};
  for (const unit of BLOCK_UNITS) {
    if (stage[unit]) statistics[unit] = yield* unitStatisticsOf(model, unit, dataset, splits.train);
  }
  return {
    model,
    statistics,
    baseline: yield* accuracyOn(model, dataset, splits.val),
    teacher: yield* logitsAt(model, dataset, splits.train, 0),
  };
}

/** One way to prune, with some of its fine-tunings, every one from the network pruned at once. */
async function* doCell(
  { run, splits, save }: StudyRun,
  whole: Whole,
  networks: readonly StudyPlanned[],
): Stage<void> {
  const { dataset, store, ids } = run;
  let began = performance.now();
  const cell = networks[0].step.cell as BlockCell;
  const choice = { ...cell, unit: cell.units, seed: networks[0].seed };
  const { model, kept, floored } = pruneUnits(whole.model, choice, whole.statistics[cell.units]!);
  const common = {
    ...cell,
    convParams: { before: blockParams(whole.model.arch), after: blockParams(model.arch) },
    baseline: whole.baseline,
  };
  const start = yield* accuracyOn(model, dataset, splits.val);
  for (const planned of networks) {
    const { tuning, settings } = planned.step;
    let [tuned, own, accuracy]: [VitModel, object, number] = [
      model,
      { kept: kept.map((each) => Array.from(each)), floored },
      start,
    ];
    if (tuning !== 'none') {
      const key = ids.get(planned.name)!;
      const resume = await store.loadCheckpoint(key);
      const given = { baseline: whole.baseline, start, teacher: whole.teacher };
      const stage = finetuneWhole(
        whole.model,
        model,
        dataset,
        splits,
        settings!,
        planned.seed,
        resume,
        given,
      );
      const { model: better, ...result } = yield* keepingCheckpoints(stage, store, key);
      [tuned, own, accuracy] = [better, result, result.accuracy];
    }
    const { each, ...check } = yield* rotationCheck(tuned, dataset, splits.test, QUARTERS);
    const test = {
      split: 'test',
      accuracy: check.angles[0].accuracy,
      ...check,
      answers: Array.from(each.upright),
    };
    await save(planned, { accuracy, seconds: secondsSince(began), tuning, ...common, ...own, test }, tuned);
    began = performance.now();
  }
}

/** Of the blocks: what pruning inside them can remove. */
const blockParams = (arch: AnyArch): number =>
  layerCosts(arch)
    .filter(({ name }) => name.startsWith('block'))
    .reduce((sum, { params }) => sum + params, 0);
