/** Lesson 8: a symmetry helps where it is in the data, and harms where it is not. */
import { isAbove } from '../../../lab/evaluate/interval';
import { measureUpright } from '../../drivers/upright';
import { count, interval, percent } from '../../words/format';
import type { Lesson, Question, Seen } from './lesson';
import { groupWords } from './pair';

const ANSWERS = ['The symmetric one', 'The plain one', 'Neither: their intervals overlap'] as const;

/** Which of the answers two accuracies are: somebody is ahead where the one 95 % interval is wholly above the other. */
export function winner(symmetric: number, plain: number, tiles: number): number {
  if (isAbove(symmetric, plain, tiles)) return 0;
  return isAbove(plain, symmetric, tiles) ? 1 : 2;
}

function question({ upright }: Seen): Question {
  const asks =
    'First the tiles that differ only in where up is. Both networks learn from the same few. Which one is right more often on tiles that it has not seen?';
  if (upright.status !== 'done') return { asks, answers: ANSWERS, found: null };
  const { hasUp, tiles, classes } = upright.result;
  return {
    asks,
    answers: ANSWERS,
    found: {
      right: winner(hasUp.symmetric, hasUp.plain, tiles),
      because: `The symmetric network: ${interval(hasUp.symmetric, tiles)}; the plain one: ${interval(hasUp.plain, tiles)}; guessing: ${percent(1 / classes)}. A network that answers the same at every turn cannot tell apart what differs by a turn.`,
    },
  };
}

function said({ upright }: Seen): string {
  if (upright.status !== 'done') return '';
  const { hasNone, tiles, trained } = upright.result;
  const verdict = [
    'The symmetric one is ahead.',
    'The plain one is ahead.',
    'So few tiles do not tell them apart.',
  ];
  return `From ${count(trained, 'tile')}, on ${count(tiles, 'other')}: the symmetric network ${interval(hasNone.symmetric, tiles)}, the plain one ${interval(hasNone.plain, tiles)}. ${verdict[winner(hasNone.symmetric, hasNone.plain, tiles)]}`;
}

const measuring = {
  label: 'Train all four',
  run: () => void measureUpright(),
  busy: ({ upright }: Seen) => upright.status === 'running',
};
const trouble = ({ upright }: Seen) => (upright.status === 'failed' ? upright.message : null);

export const upright: Lesson = {
  id: 'upright',
  title: 'Is the symmetry in the data?',
  summary: 'Equivariance is a promise about the data. Where they have an up, it is a false one.',
  minutes: 3,
  view: 'prune',
  lack: ({ opened: { nets } }) =>
    nets.main.group === 'C1' ? 'This lesson is about symmetric networks: open one beside a plain one.' : null,
  steps: [
    {
      kind: 'reading',
      title: 'Two sets of tiles',
      at: 'board',
      exhibit: 'sets',
      parts: [],
      covers: 'view',
      text: ({ opened: { nets } }) => [
        `A network built for ${groupWords(nets.main.group)} says the same however a picture lies. Good for land seen from above. But is a 6 a 9?`,
        'Two sets are painted here, 8 by 8 pixels, with noise. In the first every tile is bright towards one side, and that side is its class: it has an up. In the second a tile shows a spot, a frame, a stripe or a corner, lying anyhow: it has none.',
      ],
    },
    {
      kind: 'question',
      title: 'With an up',
      at: 'board',
      exhibit: 'sets',
      parts: [],
      covers: 'view',
      text: () => [
        'A small symmetric network for quarter turns, and a plain one with as many channels, are trained on each set: four trainings, some seconds.',
      ],
      question,
      action: measuring,
      trouble,
    },
    {
      kind: 'task',
      title: 'Without one',
      at: 'board',
      exhibit: 'sets',
      parts: [],
      covers: 'view',
      text: () => [
        'Now the tiles that have no up. The plain network has to see a corner in all four corners; the symmetric one needs one.',
      ],
      task: {
        asks: () => 'Look at what both learnt of them.',
        isDone: ({ upright }) => upright.status === 'done',
        said,
        action: measuring,
        trouble,
      },
    },
    {
      kind: 'reading',
      title: 'What to take along',
      at: 'board',
      exhibit: 'sets',
      parts: [],
      text: () => [
        'So ask first what a turn does to the right answer. Where it leaves it, symmetry is knowledge that need not be learnt; where it does not, what differs by a turn is lost, and no training brings it back.',
      ],
    },
  ],
  more: [{ view: 'train', words: 'Your own tiles, with and without a group: Train' }],
};
