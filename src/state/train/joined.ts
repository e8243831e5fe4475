/** A run that was trained further: its trainings one after the other, as one history. */
import { planRecipe } from '../../lab/recipe/plan';
import type { Recipe, StageOf } from '../../lab/recipe/schema';
import type { EpochRecord } from '../../lab/stage/history';
import { epochsOf, type StageRecord } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import type { LiveRun } from './live';

type Training = StageOf<'train'> | StageOf<'continue'>;

/** Whether a stage or step trains a network whole, from nothing or further. */
export const isTraining = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'train' || kind === 'continue';

/** Epochs counted through, whatever training they are of. */
const counted = (histories: readonly (readonly EpochRecord[])[]): EpochRecord[] =>
  histories.flat().map((each, i) => ({ ...each, epoch: i + 1 }));

/** A training's row with the epochs of all its trainings; any other as it is. */
export function joined(row: RunRow): RunRow {
  if (row.kind !== 'training' || row.recipe.stages.filter(isTraining).length < 2) return row;
  const [, ...further] = planRecipe(row.recipe).filter(isTraining);
  const histories = further.map(({ name }) => {
    const record = row.records.find((each) => each.name === name);
    return record ? epochsOf(record) : row.later?.stage === name ? row.later.history : [];
  });
  return { ...row, history: counted([row.history, ...histories]) };
}

/** Epochs before the last training that has any: where its chart goes on. */
export function earlierEpochs({ recipe, records, history, kind }: RunRow): number {
  if (kind !== 'training') return 0;
  const trained = planRecipe(recipe).filter(isTraining);
  const finished = trained.flatMap(({ name }) => records.find((each) => each.name === name) ?? []);
  const lengths = finished.map((record) => epochsOf(record).length);
  const sum = (some: readonly number[]) => some.reduce((all, each) => all + each, 0);
  return history.length > sum(lengths) ? sum(lengths) : sum(lengths.slice(0, -1));
}

/** The finished trainings before the one that is going on. */
const before = ({ plan, records, training }: LiveRun): StageRecord[] => {
  const at = plan.findIndex(({ name }) => name === training);
  const earlier = plan.slice(0, Math.max(0, at)).filter(isTraining);
  return earlier.flatMap(({ name }) => records.find((each) => each.name === name) ?? []);
};

/** The run that is going on as its charts show it: behind what was trained before. */
export function joinedLive(live: LiveRun): Pick<LiveRun, 'history' | 'epochs' | 'losses'> & {
  readonly earlier: number;
} {
  const earlier = live.kind === 'training' ? before(live).map(epochsOf) : [];
  const done = earlier.reduce((sum, { length }) => sum + length, 0);
  return {
    history: done === 0 ? live.history : counted([...earlier, live.history]),
    earlier: done,
    epochs: done + live.epochs,
    losses: done === 0 ? live.losses : live.losses.map((point) => ({ ...point, x: point.x + done })),
  };
}

/** The stage whose network is the run's: the last training that is finished; undefined where that is its first or none. */
export function furtherStage({
  recipe,
  records,
  kind,
}: Pick<RunRow, 'recipe' | 'records' | 'kind'>): string | undefined {
  if (kind !== 'training') return undefined;
  const trained = planRecipe(recipe).filter(isTraining);
  const last = trained.findLast(({ name }) => records.some((record) => record.name === name));
  return last && last.kind === 'continue' ? last.name : undefined;
}

/** The last training that a recipe asks for. */
export const lastTraining = ({ stages }: Recipe): Training | undefined =>
  stages.findLast(isTraining) as Training | undefined;

/** How many epochs the trainings of a run have at most: those that are over have had theirs. */
export function epochsIn({ recipe, records }: Pick<RunRow, 'recipe' | 'records'>): number | null {
  const trained = planRecipe(recipe).filter(isTraining);
  if (trained.length === 0) return null;
  return trained.reduce((sum, { name, step }, i) => {
    const record = records.find((each) => each.name === name);
    const { epochs } = (step as Training).settings;
    return sum + (record && i < trained.length - 1 ? epochsOf(record).length : epochs);
  }, 0);
}
