/** A run as a rail of cards, one for each stage: its state and figures, from the records that the stages left. */
import type { SplitName } from '../../lab/data/dataset';
import { turnsIn } from '../../lab/recipe/figures';
import { type Planned, planRecipe } from '../../lab/recipe/plan';
import type { StepKind } from '../../lab/recipe/step';
import type { EpochRecord } from '../../lab/stage/history';
import { epochsOf, type StageRecord } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import { currentStage, type LiveRun, settingsOf } from '../train/live';

/** `skipped`: a fine-tuning that was not needed. */
export type CardState = 'waiting' | 'running' | 'paused' | 'stopped' | 'done' | 'skipped' | 'failed';

/** What was measured of the network that a stage left. Shares are 0 … 1. */
export interface Figures {
  readonly part: SplitName;
  readonly tiles: number;
  readonly accuracy: number;
  /** At the four quarter turns. */
  readonly turned: readonly number[] | null;
  readonly changed: number | null;
  readonly undecided: number | null;
  /** Of the logits, over the turns. */
  readonly error: number | null;
  readonly params: number;
  readonly bytes: number;
  /** Bytes as exported; null where there is no such form, or none was counted. */
  readonly exported: number | null;
  readonly macs: number;
  readonly seconds: number;
}

export interface Card {
  /** The record that the stage leaves. */
  readonly name: string;
  readonly planned: Planned;
  readonly state: CardState;
  readonly record: StageRecord | null;
  readonly figures: Figures | null;
  /** Of a training: the epochs kept, of how many at most. */
  readonly history: readonly EpochRecord[];
  readonly epochs: number | null;
}

/** A run as the page knows it: kept, and maybe going on. */
export type ShownRun = Pick<RunRow, 'recipe' | 'records' | 'history' | 'later' | 'tiles' | 'status'>;

/** A stage that checks the network before it is part of that network's card. */
interface Slot {
  readonly planned: Planned;
  readonly check: Planned | null;
}

/** `live` is what has changed since the row was read; epochs come ten times a second and are not part of it. */
export function cardsOf(run: ShownRun, live: Pick<LiveRun, 'records' | 'status'> | null): Card[] {
  const records = new Map((live?.records ?? run.records).map((record) => [record.name, record]));
  const plan = planRecipe(run.recipe);
  const current = currentStage({ plan, records: [...records.values()] });
  return slotsOf(plan).map(({ planned, check }) => {
    const record = records.get(planned.name) ?? null;
    const checked = check && records.get(check.name);
    const isCurrent = current !== null && (current.name === planned.name || current.name === check?.name);
    const isDone = record !== null && (check === null || checked !== undefined);
    return {
      name: planned.name,
      planned,
      state: isDone ? endState(record) : isCurrent ? stateOf(run, live) : 'waiting',
      record,
      figures: record && figuresOf(planned, record, checked ?? null, run.tiles),
      history: record ? epochsOf(record) : isCurrent ? epochsKept(planned, run) : [],
      epochs: settingsOf(planned)?.epochs ?? null,
    };
  });
}

/** The quarter turns of a trained network on validation tiles go with its training. */
function slotsOf(plan: readonly Planned[]): Slot[] {
  const slots: Slot[] = [];
  for (const planned of plan) {
    const last = slots.at(-1);
    const { step, input } = planned;
    const isOfLast = input?.kind === 'step' && input.name === last?.planned.name;
    const isCheck = step.kind === 'check' && step.part === 'val' && isOfLast;
    const fits = last && !last.check && (last.planned.kind === 'train' || last.planned.kind === 'distil');
    if (isCheck && fits) slots[slots.length - 1] = { ...last, check: planned };
    else slots.push({ planned, check: null });
  }
  return slots;
}

const endState = (record: StageRecord): CardState => (record.triggered === false ? 'skipped' : 'done');

function stateOf({ status }: ShownRun, live: Pick<LiveRun, 'status'> | null): CardState {
  if (live) return live.status === 'paused' ? 'paused' : 'running';
  return status === 'failed' ? 'failed' : 'stopped';
}

function epochsKept({ name }: Planned, { history, later, recipe }: ShownRun): readonly EpochRecord[] {
  if (name === planRecipe(recipe)[0].name) return history;
  return later?.stage === name ? later.history : [];
}

/** What each kind of stage says of its network, in one form; a fold was measured on the training tiles that it held out. `check`: the quarter turns of a trained network. */
function figuresOf(
  { step }: Planned,
  record: StageRecord,
  check: StageRecord | null,
  tiles: ShownRun['tiles'],
): Figures {
  const { accuracy, params, bytes, exported = null, macs } = record;
  const part = step.kind === 'check' ? step.part : 'val';
  const seconds = record.seconds + (check?.seconds ?? 0);
  const size = { params, bytes, exported, macs };
  const held = step.kind === 'adapt-fold' ? Number(record.held) : tiles[part];
  const base = { part, tiles: held, accuracy, ...size, seconds } as const;
  const { agreement: _, ...turns } = turnsIn(check ?? record);
  return { ...base, ...turns };
}

/** Share of the decided tiles with the same answer at all four turns; null where unknown or none is decided. */
export function agreementIn({ changed, undecided, tiles }: Figures): number | null {
  if (changed === null || undecided === null || tiles === undecided) return null;
  return 1 - changed / (tiles - undecided);
}

/** The networks worth comparing with: the first of a run, and the one before each. Same tiles only. */
export function accuracyChange(now: Figures, before: Figures | null): number | null {
  return before && before.part === now.part ? now.accuracy - before.accuracy : null;
}

/** The card of the network that a step took, where it has figures. */
export function cardBefore(cards: readonly Card[], { record, planned: { input } }: Card): Card | null {
  const from = record?.from ?? (input?.kind === 'step' ? input.name : null);
  return cards.find(({ name, figures }) => name === from && figures !== null) ?? null;
}

export const STAGE_NAMES: Readonly<Record<StepKind, string>> = {
  train: 'Train',
  continue: 'Train further',
  distil: 'Distil',
  prune: 'Prune',
  'prune-fields': 'Prune fields',
  'prune-orbits': 'Prune kernels',
  'prune-blocks': 'Prune blocks',
  'prune-filters': 'Prune filters',
  study: 'Study',
  finetune: 'Fine-tune',
  adapt: 'Adapt',
  'adapt-fold': 'Fold',
  project: 'Project',
  quantise: 'Quantise',
  check: 'Check',
};
