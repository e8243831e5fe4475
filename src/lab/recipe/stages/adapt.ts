/** Equivariant fine-tuning of the network at hand, and the folds by which its λ is chosen. */
import { adaptModel } from '../../adapt/adapt';
import { arrangeFields } from '../../adapt/arrange';
import { bestLambda, type FoldFigures, overFolds } from '../../adapt/choose';
import { foldsOf } from '../../adapt/folds';
import { type Symmetry, symmetryOf } from '../../adapt/measure';
import { withNewHead } from '../../adapt/newHead';
import type { LambdaSweep } from '../../adapt/settings';
import type { Splits } from '../../data/dataset';
import { sameClasses } from '../../data/tiles';
import { totalCost } from '../../evaluate/cost';
import type { AnyModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { keepingCheckpoints, type StageRecord } from '../../stage/store';
import { GROUPS } from '../../symmetry/group';
import type { FitResult } from '../../train/fit';
import { foldsOf as foldsName } from '../plan';
import type { DoStep, Run } from '../run';
import type { FoldStep, StepOf } from '../step';

export const adapt: DoStep<StepOf<'adapt'>> = async function* ({ run, planned, splits, input }) {
  const { step, name, seed, at } = planned;
  const { lambda: asked, group, penalty, augment } = step;
  const chosen = typeof asked === 'number' ? { lambda: asked } : await chooseLambda(run, at, asked);
  const begin = atHand(run, input, step, seed);
  const newHead = !knowsClasses(run, input);
  // Of other classes a network has nothing to say yet that could be right or wrong.
  const before = newHead ? null : yield* symmetryOf(begin, run.dataset, splits.val, GROUPS[group]);
  const { model, result } = yield* adapted(
    run,
    name,
    begin,
    splits,
    { ...step, lambda: chosen.lambda },
    seed,
  );
  const after = yield* symmetryOf(model, run.dataset, splits.val, GROUPS[group]);
  const figures = {
    ...figuresOf(after),
    seconds: secondsOf(result),
    ...{ group, penalty, augment, fields: step.fields, ...chosen },
    newHead,
    tiles: splits.train.length,
    ...(before && { before: figuresOf(before) }),
    epochs: result.history,
  };
  return { figures, model };
};

export const adaptFold: DoStep<FoldStep> = async function* ({ run, planned, splits, input }) {
  const { step, name, seed } = planned;
  const own = foldsOf(run.dataset, splits, step.folds)[step.fold];
  const { model, result } = yield* adapted(run, name, atHand(run, input, step, seed), own, step, seed);
  const symmetry = yield* symmetryOf(model, run.dataset, own.val, GROUPS[step.group]);
  const { lambda, fold, folds, penalty, group, augment } = step;
  const figures = {
    ...figuresOf(symmetry),
    seconds: secondsOf(result),
    ...{ lambda, fold, folds, penalty, group, augment, tiles: own.train.length, held: own.val.length },
    // Of the network that was measured: with its new head, where it has one.
    ...totalCost(model.arch),
    epochs: result.history,
  };
  // A fold is there to be measured.
  return { figures, model: null };
};

const knowsClasses = ({ dataset }: Run, { classes }: AnyModel): boolean =>
  sameClasses(classes, dataset.classes);

/** The network as it begins: for other classes with a new last layer, its channels in fields, its answers unchanged. */
function atHand(
  run: Run,
  input: AnyModel,
  { fields, group }: Pick<FoldStep, 'fields' | 'group'>,
  seed: number,
): AnyModel {
  const model = knowsClasses(run, input) ? input : withNewHead(input, run.dataset.classes, seed);
  return fields === 'matched' ? arrangeFields(model, group) : model;
}

/** Trains, or goes on where it was stopped. */
async function* adapted(
  { dataset, store, ids }: Run,
  name: string,
  begin: AnyModel,
  splits: Splits,
  { group, penalty, augment, lambda, settings }: Omit<FoldStep, 'kind' | 'fold' | 'folds'>,
  seed: number,
): Stage<{ model: AnyModel; result: FitResult }> {
  const key = ids.get(name)!;
  const how = { group: GROUPS[group], penalty, augment, lambda };
  const resume = await store.loadCheckpoint(key);
  const training = adaptModel(begin, dataset, splits, how, settings, seed, resume);
  const result = yield* keepingCheckpoints(training, store, key);
  return { model: { ...begin, params: result.params }, result };
}

/** A network's symmetry as records say it. */
function figuresOf({ turned, moved, discrepancies, ...rest }: Symmetry) {
  return { ...rest, turned, moved, discrepancies };
}

const secondsOf = ({ history }: FitResult): number => history.reduce((sum, { seconds }) => sum + seconds, 0);

/** What the folds came to, and the λ that they choose. */
async function chooseLambda(run: Run, at: number, { by }: LambdaSweep) {
  const folds: FoldFigures[] = [];
  for (const { name, group } of run.planned) {
    if (group !== foldsName(at)) continue;
    const kept = await run.store.loadStage(run.ids.get(name)!);
    folds.push(foldIn(kept!.record));
  }
  const lambdas = overFolds(folds);
  return { lambda: bestLambda(lambdas, by), chosenBy: by, lambdas };
}

/** A fold's figures as its record says them. */
export function foldIn(record: StageRecord): FoldFigures {
  const { lambda, fold, accuracy, moved, discrepancies, penalty } = record as unknown as FoldRecord;
  return {
    ...{ lambda, fold, accuracy },
    moved: moved.accuracy,
    agreement: moved.agreement,
    penalty: discrepancies[penalty],
  };
}

type FoldRecord = Pick<FoldStep, 'lambda' | 'fold' | 'penalty'> & Symmetry;
