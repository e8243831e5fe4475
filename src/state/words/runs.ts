/** Sentences about training runs, from measured values. */
import { wilsonInterval } from '../../lab/evaluate/interval';
import { bestEpoch, type EpochRecord } from '../../lab/stage/history';
import type { RunCheck, RunKind, RunRow } from '../../storage/rows';
import { currentStage, hasEpochs, type LiveRun } from '../train/live';
import { bytes, capital, count, percent, points, seconds } from './format';
import { unlessDeleted } from './library';

/** Why a run had to be taken up again. */
export type Resumption = 'reload' | 'crash' | 'engine';

const CAUSES: Record<Resumption, string> = {
  reload: 'had been cut off and was',
  crash: 'lost its compute engine and was',
  engine: 'goes on with another engine, so from here on numbers may differ in the last digits; it was',
};

const KINDS: Record<RunKind, string> = {
  training: 'training of',
  pipeline: 'pipeline',
  adapting: 'adapting of',
};

type Taken = Pick<LiveRun, 'kind' | 'name' | 'history' | 'plan' | 'records'>;

/** That a run goes on, from where, and why it had to. */
export function resumedSentence({ kind, name, history, plan, records }: Taken, why: Resumption): string {
  const current = currentStage({ plan, records });
  if (kind === 'training' || current?.name === 'train') {
    const epoch = history.length;
    const point = epoch === 0 ? 'begun again with its first epoch' : `picked up after epoch ${epoch}`;
    return `The ${KINDS[kind]} “${name}” ${CAUSES[why]} ${point}.`;
  }
  const done = `${records.length} of ${count(plan.length, 'stage')} done`;
  const epoch = hasEpochs(current) && history.length > 0 ? `, after epoch ${history.length}` : '';
  return `The ${KINDS[kind]} “${name}” ${CAUSES[why]} picked up with ${done}${epoch}.`;
}

/** That some kept runs are lost, and what is not. */
export const unreadableSentence = (many: number): string =>
  many === 1
    ? 'What this browser kept of one run is damaged, and nothing of it can be read any more. Everything else is as it was. It only takes room now.'
    : `What this browser kept of ${many} runs is damaged, and nothing of them can be read any more. Everything else is as it was. They only take room now.`;

export function givenUpSentence(
  times: number,
  why: string,
  epochs: number,
  training: string | null = 'train',
): string {
  const where = training === null || training === 'train' ? '' : ` of “${training}”`;
  const kept =
    epochs === 0
      ? 'No epoch was finished yet.'
      : unlessDeleted(`Everything up to epoch ${epochs}${where} is kept.`);
  return `The compute engine ended ${times} times within a few minutes (${why}). ${kept} Continue the run, or choose another engine at the top first.`;
}

/** Where a run is, for those who do not see the charts. */
export function progressSentence(history: readonly EpochRecord[], epochs: number): string {
  const latest = history.at(-1);
  if (!latest) return 'No epoch is finished yet.';
  const best = bestEpoch(history)!;
  const mark =
    best === latest ? 'the best so far' : `the best was ${percent(best.accuracy)} at epoch ${best.epoch}`;
  return `Epoch ${latest.epoch} of ${epochs}: training loss ${latest.loss.toFixed(2)}, validation loss ${latest.validationLoss.toFixed(2)}, validation accuracy ${percent(latest.accuracy)}, ${mark}.`;
}

const STOPS: Readonly<Record<string, string>> = {
  epochs: 'all its epochs were used',
  'early stopping':
    'accuracy had not risen for long enough, so training ended early, and the weights of the best epoch are kept',
};

type Trained = Pick<RunRow, 'history' | 'tiles' | 'stop' | 'status'>;

/** What training gave: the best epoch, how sure that is, and why it ended. */
export function trainedSentence({ history, tiles, stop, status }: Trained): string {
  const best = bestEpoch(history);
  if (!best) return 'No epoch is finished yet, so there is no network to open.';
  const balanced =
    best.balanced === undefined
      ? ''
      : ` Balanced accuracy ${percent(best.balanced)}: the mean of the classes’ own, which are unequal.`;
  const [low, high] = wilsonInterval(best.accuracy, tiles.val);
  const so = status === 'done' ? '' : ' so far';
  const took = seconds(history.reduce((sum, epoch) => sum + epoch.seconds, 0));
  const end = stop === null ? '' : ` ${capital(STOPS[stop] ?? stop)}.`;
  return `${percent(best.accuracy)} on ${count(tiles.val, 'validation tile')}${so}, at epoch ${best.epoch} of ${history.length} (95 % interval ${percent(low)} to ${percent(high)}; one tile is worth ${points(1 / tiles.val)}). Trained for ${took}.${end}${balanced}`;
}

/** What a run's network takes; empty where that was not counted. */
export function sizeSentence({
  params,
  bytes: stored,
  exported,
}: Pick<RunRow, 'params' | 'bytes' | 'exported'>): string {
  if (stored === undefined) return '';
  const form = typeof exported === 'number' ? `${bytes(exported)} exported` : 'without an exported form';
  return `${count(params, 'parameter')}, ${bytes(stored)} stored here, ${form}.`;
}

/** What happens to the trained network's answers when the tiles turn. */
export function checkSentence({ turned, changed, undecided, tiles }: RunCheck): string {
  const same = turned.every((accuracy) => accuracy === turned[0]);
  const accuracy = same
    ? `the accuracy stays ${percent(turned[0])}`
    : `the accuracy is ${turned.slice(1).map(percent).join(', ')} instead of ${percent(turned[0])}`;
  const open = undecided === 0 ? '' : ` (${count(undecided, 'tile')} too close to call)`;
  const answers =
    changed === 0
      ? 'no answer changes'
      : `${changed} of ${count(tiles, 'answer')} ${changed === 1 ? 'changes' : 'change'}`;
  return `Turned by 90°, 180° and 270°, ${accuracy} and ${answers}${open}.`;
}

/** Share of tiles whose answer is the same at all four turns, of those not too close to call; null when all are. */
export function sameAnswers({ changed, undecided, tiles }: RunCheck): number | null {
  const decided = tiles - undecided;
  return decided === 0 ? null : 1 - changed / decided;
}
