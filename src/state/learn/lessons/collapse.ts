/** Lesson 3: past a cliff the accuracy falls, and a short fine-tuning brings back what it brings back. */
import { FINETUNE_RULES } from '../../drivers/session';
import { type Finetuning, settle } from '../../prune/experiment';
import { curveOf, pruneFacts } from '../../prune/sheets';
import { count, percent, points, shownChange, wholePercent } from '../../words/format';
import { METHOD_WORDS } from '../../words/pipeline';
import { decisionSentence, pruneSentence, resultSentence } from '../../words/prune';
import { type Lesson, pointAt, type Question, type Seen } from './lesson';

/** A fall that nobody overlooks. */
const STEEP = 0.3;

/** The fewest neurons whose removal costs more than a share of accuracy; null where none does. */
function fallTo({ sheet, settled }: Seen, share: number): number | null {
  const [accuracy] = curveOf(sheet, settled.method, settled.compensation).accuracy;
  for (let removed = 1; removed < sheet.units; removed++)
    if (shownChange(accuracy[sheet.units - removed], accuracy[sheet.units]) > share) return removed;
  return null;
}

const cliffOf = (seen: Seen): number | null => fallTo(seen, FINETUNE_RULES.tolerance);

const isPastCliff = (seen: Seen): boolean => {
  const { baseline, accuracy } = pruneFacts(seen.sheet, seen.settled);
  return shownChange(accuracy, baseline) > FINETUNE_RULES.tolerance;
};

const fallSteeply = (seen: Seen): void =>
  settle({ removed: fallTo(seen, STEEP) ?? cliffOf(seen) ?? seen.sheet.units - 1 });

const farthest = ({ sheet, settled }: Seen): boolean => settled.removed === sheet.units - 1;

const ANSWERS = [
  'All of it, or more',
  'To within 1 point of it',
  'To within 2 points of it',
  'Not so far',
] as const;

/** Which of the answers it is: by the figures as they are shown, 88.8 is within 2 points of 90.8. */
export function recovery(baseline: number, accuracy: number): number {
  const drop = shownChange(accuracy, baseline);
  if (drop <= 0) return 0;
  if (drop <= FINETUNE_RULES.excellent) return 1;
  return drop <= FINETUNE_RULES.tolerance ? 2 : 3;
}

function question(seen: Seen): Question {
  const { tuned } = seen;
  const { baseline } = pruneFacts(seen.sheet, seen.settled);
  const asks = `Fine-tuning now trains what is left of the dense layers, on the training tiles only. How much of the ${percent(baseline)} comes back?`;
  if (tuned?.status !== 'done') return { asks, answers: ANSWERS, found: null };
  const { result, epochs } = tuned;
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const because = resultSentence({ ...result, epochs: epochs.length, seconds }, FINETUNE_RULES);
  return {
    asks,
    answers: ANSWERS,
    found: { right: recovery(result.baseline, result.accuracy), because },
  };
}

type Done = Extract<Finetuning, { status: 'done' }>;

/** What fine-tuning made of what was left, and by what. */
function recovered(removed: number, { result, epochs }: Done): string {
  const what = `With ${count(removed, 'neuron')} gone, ${percent(result.start)} became ${percent(result.accuracy)} in ${count(epochs.length, 'epoch')}.`;
  if (result.accuracy <= result.start) return `${what} Training what is left won nothing back.`;
  return `${what} The convolutions were left alone: what they see was still there, and what is left behind them learnt to read it.`;
}

export const collapse: Lesson = {
  id: 'collapse',
  title: 'Collapse and recovery',
  summary: 'How much a network can lose before it matters, and what a few seconds of training bring back.',
  minutes: 5,
  view: 'prune',
  steps: [
    {
      kind: 'sketch',
      title: 'Bet before you look',
      at: 'board',
      parts: [],
      covers: 'view',
      exhibit: 'sketch',
      text: (seen) => {
        const { sheet } = seen;
        const { baseline } = pruneFacts(sheet, seen.settled);
        return [
          `The network on the bench answers ${percent(baseline)} of ${count(sheet.tiles, 'validation tile')} rightly. Before its last layer stand ${count(sheet.units, 'hidden neuron')}.`,
          `Pruning takes neurons away for good, the least important first. Which those are the chosen method says: ${METHOD_WORDS[seen.settled.method]}.`,
        ];
      },
      question: ({ sheet, settled }) => ({
        asks: 'How does accuracy go down while more and more neurons go, without any training after? Draw it.',
        measured: [
          ...curveOf(sheet, settled.method, settled.compensation).accuracy[0].subarray(1).toReversed(),
        ],
        units: sheet.units,
      }),
    },
    {
      kind: 'task',
      title: 'Find the cliff',
      at: 'slider',
      parts: [],
      // It begins by itself, and is asked about next.
      covers: ['finetuning'],
      text: (seen) =>
        cliffOf(seen) === null
          ? [
              `This network has no cliff: with one neuron left it still has ${percent(pointAt(seen, seen.sheet, seen.sheet.units - 1).accuracy)}.`,
            ]
          : ['Every point of a curve was measured on the same tiles, with so many neurons gone.'],
      task: {
        asks: (seen) =>
          cliffOf(seen) === null
            ? 'Drag the slider to its end and see for yourself.'
            : `Drag the slider to the right until more than ${points(FINETUNE_RULES.tolerance)} of accuracy are lost, and let go.`,
        isDone: (seen) => (cliffOf(seen) === null ? farthest(seen) : isPastCliff(seen)),
        said: ({ sheet, settled }) => pruneSentence(pruneFacts(sheet, settled)),
        action: { label: 'Move it for me', run: fallSteeply },
      },
    },
    {
      kind: 'question',
      title: 'What comes back?',
      at: 'finetuning',
      parts: ['finetuning'],
      covers: 'view',
      text: (seen) => [
        isPastCliff(seen)
          ? decisionSentence(pruneFacts(seen.sheet, seen.settled), FINETUNE_RULES)
          : `${decisionSentence(pruneFacts(seen.sheet, seen.settled), FINETUNE_RULES)} There is nothing to win back here: go back one step and remove more, or answer, and it is done for you.`,
      ],
      question,
      // Who came here without it has it removed with the answer: else nothing would ever come back.
      action: { label: 'Move it for me', run: (seen) => !isPastCliff(seen) && fallSteeply(seen) },
      trouble: (seen) =>
        cliffOf(seen) === null ? 'This network has no cliff: nothing was lost that could come back.' : null,
    },
    {
      kind: 'reading',
      title: 'What happened',
      at: 'slider',
      parts: ['finetuning'],
      text: (seen) => {
        const { sheet, settled, tuned } = seen;
        const cliff = cliffOf(seen);
        const first =
          cliff === null
            ? 'No number of removed neurons cost more than the limit.'
            : `The cliff stands at ${wholePercent(cliff / sheet.units)}: ${cliff} of ${count(sheet.units, 'neuron')} gone.`;
        const second =
          tuned?.status === 'done'
            ? recovered(settled.removed, tuned)
            : 'Fine-tuning has not ended at this setting.';
        return [
          first,
          second,
          `One tile is worth ${points(1 / sheet.tiles)} here, so smaller differences mean nothing. Undo brings every setting back.`,
        ];
      },
    },
  ],
  more: [{ view: 'pipeline', words: 'The whole way in one run: Pipeline' }],
};
