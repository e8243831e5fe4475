/** Lesson 7: dense layers in 8-bit integers, and why each tile is to have a range of its own. */
import type { NeighbourCheck } from '../../../lab/quantize/neighbours';
import { measureNeighbours } from '../../drivers/rounding';
import { count, interval, percent } from '../../words/format';
import type { Lesson, Question, Seen } from './lesson';

function question({ sheet, rounded }: Seen): Question {
  const { tiles } = sheet;
  const asks = `Into every batch comes one tile of harsh black and white stripes, and all tiles of a batch share one range. How many of ${count(tiles, 'tile')} get another answer because of that neighbour?`;
  const write = (n: number) => count(n, 'tile');
  if (rounded.status !== 'done') return { asks, answers: SHARES, found: null };
  const { perTile, perBatch, batch, largest } = rounded.result;
  const share = perBatch.swayed / rounded.result.tiles;
  const right = share === 0 ? 0 : share <= 0.02 ? 1 : share <= 0.1 ? 2 : 3;
  return {
    asks,
    answers: SHARES,
    found: {
      right,
      because: `${write(perBatch.swayed)}, in batches of ${batch}. The neighbour makes the dense layers read up to ${largest.neighbour.toFixed(1)}, the median tile ${largest.median.toFixed(1)}: of 127 levels above 0 about ${levelsLeft(largest)} are left to it. Accuracy with that neighbour: ${percent(perBatch.beside)}, without it ${percent(perBatch.accuracy)}. With a range for each tile: ${write(perTile.swayed)}.`,
    },
  };
}

/** Of the 127 levels above 0 those that a tile uses, where the widest range is shared. */
const levelsLeft = ({ median, tiles, neighbour }: NeighbourCheck['largest']): number =>
  Math.round((127 * median) / (Math.max(tiles, neighbour) || 1));

/** So many tiles of a hundred are more than a few. */
const FEW = 0.02;

/** From which width on a shared range costs answers. */
function widthSentence({ widened, tiles }: NeighbourCheck): string {
  const far = widened.find(({ swayed }) => swayed / tiles > FEW);
  const last = widened[widened.length - 1];
  const levels = (n: number) => (n < 1 ? 'less than one level' : `about ${count(Math.round(n), 'level')}`);
  return far
    ? `Shared, it may be wider before it costs answers: ${far.times} times as wide as that of all these tiles, with ${levels(far.levels)} left to the median tile, ${count(far.swayed, 'tile')} answer otherwise; ${last.times} times as wide, ${last.swayed}.`
    : `Even ${last.times} times as wide as that of all these tiles a shared range changes no more than ${count(last.swayed, 'answer')} here.`;
}

const SHARES = ['None', 'Up to 2 in a hundred', 'Up to 10 in a hundred', 'More'] as const;

export const integers: Lesson = {
  id: 'integers',
  title: 'INT8, and why per-tile ranges matter',
  summary:
    'A quarter of the bytes for hardly a tile; and an answer that must not hang on who sits beside it.',
  minutes: 3,
  view: 'prune',
  steps: [
    {
      kind: 'reading',
      title: 'Counting with bytes',
      at: 'slider',
      parts: [],
      text: () => [
        'In 8-bit integers a number is one of 256 levels, a byte where there were four. Weights are rounded once, and do not change again.',
        'What comes in is new with every tile: its largest value says how wide the 256 levels must be spread. The wider, the coarser. Who sets that range: each tile for itself, or the batch that it happens to be in?',
      ],
    },
    {
      kind: 'question',
      title: 'A glaring neighbour',
      at: 'board',
      exhibit: 'ranges',
      parts: [],
      covers: 'view',
      text: () => [
        'The dense layers of the network on the bench are rounded, and asked about all validation tiles. Usual tools share a range among a batch.',
      ],
      question,
      action: {
        label: 'Round it',
        run: () => void measureNeighbours(),
        busy: ({ rounded }) => rounded.status === 'running',
      },
      trouble: ({ rounded }) => (rounded.status === 'failed' ? rounded.message : null),
    },
    {
      kind: 'task',
      title: 'With a range of its own',
      at: 'board',
      exhibit: 'ranges',
      parts: [],
      text: () => ['Now each tile has its own range: nothing of its neighbours enters its answer.'],
      task: {
        asks: () => 'Round it with a range for each tile, and compare.',
        isDone: ({ rounded }) => rounded.status === 'done',
        said: ({ rounded }) => {
          if (rounded.status !== 'done') return '';
          const { float, perTile, tiles } = rounded.result;
          return `Before rounding ${interval(float, tiles)} are right, after ${interval(perTile.accuracy, tiles)}; ${count(perTile.moved, 'tile')} changed by rounding, and ${count(perTile.swayed, 'tile')} by a neighbour. ${widthSentence(rounded.result)}`;
        },
        action: {
          label: 'Round it',
          run: () => void measureNeighbours(),
          busy: ({ rounded }) => rounded.status === 'running',
        },
        trouble: ({ rounded }) => (rounded.status === 'failed' ? rounded.message : null),
      },
    },
  ],
  more: [{ view: 'pipeline', words: 'Prune, fine-tune and round in one run: Pipeline' }],
};
