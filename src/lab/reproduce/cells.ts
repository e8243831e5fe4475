/** From what the studies of a run left, one per seed, to the cells of a report. */
import { planRecipe } from '../recipe/plan';
import type { Recipe } from '../recipe/schema';
import { leavesNetwork, type StudyNetwork } from '../recipe/studyPlan';
import type { RunMaterial, Speeds } from './material';
import { measure, recordOf, summariseFigure } from './measure';
import type { ReportCell } from './report';

/** Every network of a recipe's studies, in order. */
export function studied(recipe: Recipe): StudyNetwork[] {
  return planRecipe(recipe).flatMap(({ step, name }) =>
    step.kind === 'study' ? [{ name, cell: step.cell, tuning: step.tuning }] : [],
  );
}

/** What every seed has made so far. labels: classes of the test tiles; whole: answers of the unpruned networks on them, seed by seed. */
export function cellsOf(
  { run, seeds, speeds }: Pick<RunMaterial, 'run' | 'seeds' | 'speeds'>,
  labels: ArrayLike<number>,
  whole: readonly (readonly number[])[],
): ReportCell[] {
  const unpruned = whole.map(
    (answers) => answers.filter((answer, tile) => answer === labels[tile]).length / labels.length,
  );
  const made = ({ name }: StudyNetwork) => seeds.every(({ records }) => records.has(name));
  return studied(run.recipe)
    .filter(made)
    .map((network): ReportCell => {
      const { name, cell, tuning } = network;
      const records = seeds.map((each) => recordOf(each, name));
      const lab = measure({ stage: name }, seeds, labels, whole);
      const isBroken = !leavesNetwork(network);
      return {
        units: cell.units,
        method: 'method' in cell ? cell.method : null,
        compensation: 'compensation' in cell ? cell.compensation : null,
        ...('ranking' in cell && { ranking: cell.ranking }),
        ratio: cell.ratio === 'ring' ? null : cell.ratio,
        tuning,
        lab,
        validationChange: summariseFigure(
          records.map(({ accuracy, baseline }) => accuracy - Number(baseline)),
        ),
        retained: summariseFigure(lab.accuracy.values.map((accuracy, i) => accuracy / unpruned[i])),
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
