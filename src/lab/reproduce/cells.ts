/** From what the studies of a run left, one per seed, to the cells of a report. */
import { planRecipe } from '../recipe/plan';
import type { Recipe } from '../recipe/schema';
import { leavesNetwork, type StudyNetwork } from '../recipe/studyPlan';
import type { RunMaterial, Speeds } from './material';
import { answersOfRow, measure, recordOf, summariseFigure } from './measure';
import type { ReportCell } from './report';
import { shareLeft, type Truth } from './told';

/** Every network of a recipe's studies, in order. */
export function studied(recipe: Recipe): StudyNetwork[] {
  return planRecipe(recipe).flatMap(({ step, name }) =>
    step.kind === 'study' ? [{ name, cell: step.cell, tuning: step.tuning }] : [],
  );
}

/** Those that every seed has made so far. */
export function madeOf({ run, seeds }: Pick<RunMaterial, 'run' | 'seeds'>): StudyNetwork[] {
  return studied(run.recipe).filter(({ name }) => seeds.every(({ records }) => records.has(name)));
}

/** What every seed has made so far, in the order of `madeOf`. whole: answers of the unpruned networks on them, seed by seed. */
export function cellsOf(
  { run, seeds, speeds }: Pick<RunMaterial, 'run' | 'seeds' | 'speeds'>,
  truth: Truth,
  whole: readonly (readonly number[])[],
): ReportCell[] {
  const unpruned = whole.map(
    (answers) => answers.filter((answer, tile) => answer === truth.labels[tile]).length / truth.labels.length,
  );
  return madeOf({ run, seeds }).map((network): ReportCell => {
    const { name, cell, tuning } = network;
    const records = seeds.map((each) => recordOf(each, name));
    const lab = measure({ stage: name }, seeds, truth, whole);
    const left = shareLeft(answersOfRow({ stage: name }, seeds), whole, truth);
    const isBroken = !leavesNetwork(network);
    return {
      units: cell.units,
      method: 'method' in cell ? cell.method : null,
      compensation: 'compensation' in cell ? cell.compensation : null,
      ...('ranking' in cell && { ranking: cell.ranking }),
      ratio: cell.ratio === 'ring' ? null : cell.ratio,
      tuning,
      lab,
      validationChange: summariseFigure(records.map(({ accuracy, baseline }) => accuracy - Number(baseline))),
      retained: summariseFigure(lab.accuracy.values.map((accuracy, i) => accuracy / unpruned[i])),
      ...(left && { retainedInterval: left }),
      tuned: tuning === 'none' ? null : records.filter(({ triggered }) => triggered === true).length,
      convParams: isBroken ? null : (records[0].convParams as ReportCell['convParams']),
      speed: speedOf(speeds?.get(name)),
      brokenFields: isBroken ? summariseFigure(records.map((each) => Number(each.brokenFields))) : null,
    };
  });
}

function speedOf(speeds: Speeds | undefined): ReportCell['speed'] {
  if (!speeds) return null;
  const { before, after } = speeds;
  return {
    before: summariseFigure(before.map((seconds) => 1 / seconds)),
    after: summariseFigure(after.map((seconds) => 1 / seconds)),
    ratio: summariseFigure(before.map((seconds, i) => seconds / after[i])),
  };
}
