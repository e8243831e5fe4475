/** Lesson 2: a plain network that is as accurate, and answers otherwise when the picture turns. */
import { settle } from '../../prune/experiment';
import { count, percent, pointsBetween, shownChange } from '../../words/format';
import { rotationSentence } from '../../words/prune';
import { among, type Lesson, pointAt, type Question, type Seen } from './lesson';
import { lackOfPair, peerOf } from './pair';

const halfOf = ({ sheet }: Seen): number => Math.floor(sheet.units / 2);

/** A difference of accuracies worth a sentence. */
const NOTABLE = 0.02;

const list = (shares: readonly number[]): string => shares.map(percent).join(', ');

function question(seen: Seen): Question {
  const { tiles } = seen.sheet;
  const here = pointAt(seen, seen.sheet, halfOf(seen));
  const other = pointAt(seen, peerOf(seen), halfOf(seen));
  const before = pointAt(seen, peerOf(seen), 0);
  const { answers, right } = among(
    here.changed,
    [other.changed, Math.round(tiles / 8), Math.round(tiles / 2), 0, 1],
    (changed) => count(changed, 'tile'),
  );
  const kept =
    here.changed === 0
      ? 'A hidden neuron here is a whole orbit of patterns: it goes in all its orientations at once, so what is left is as symmetric as before.'
      : 'So this way of pruning does not leave the symmetry whole.';
  const open = here.undecided === 0 ? '' : ` ${count(here.undecided, 'tile')} were too close to call.`;
  return {
    asks: `Half of the hidden neurons go, from both networks. On how many of ${count(tiles, 'tile')} will the equivariant one change its mind when they turn?`,
    answers,
    found: {
      right,
      because: `${kept}${open} The plain network changes its mind on ${other.changed}; whole, on ${before.changed}.`,
    },
  };
}

export const mind: Lesson = {
  id: 'mind',
  title: 'Why a plain network changes its mind',
  summary: 'Accuracy can stay while the answers move. What agreement shows, and what pruning does to it.',
  minutes: 3,
  view: 'prune',
  lack: lackOfPair,
  steps: [
    {
      kind: 'reading',
      title: 'It learnt which way is up',
      at: 'board',
      parts: [],
      covers: 'view',
      exhibit: 'turned',
      text: (seen) => {
        const here = pointAt(seen, seen.sheet, 0);
        const other = pointAt(seen, peerOf(seen), 0);
        const missed =
          shownChange(Math.min(...other.turned), other.turned[0]) > NOTABLE
            ? 'This one misses it when the tiles turn.'
            : 'This one does without it.';
        const why = seen.opened.dataset.synthetic
          ? `These tiles are painted, and have an up: the sun stands in the north-west, highways run east–west. To a plain network that is a hint like any other. ${missed}`
          : 'Real tiles have no up, so accuracy may hardly move when they turn. Look at the single answers.';
        return [
          'Here are tiles on which the plain network, and it alone, changes its mind.',
          `Whole and at 0°, 90°, 180° and 270° the plain network is right on ${list(other.turned)} of the tiles; the equivariant one on ${list(here.turned)}.`,
          why,
        ];
      },
    },
    {
      kind: 'question',
      title: 'And when it is pruned?',
      at: 'rotation',
      parts: ['rotation'],
      covers: 'view',
      text: () => [
        'A tile on which a network “changes its mind” gets another answer at some quarter turn than upright.',
      ],
      question,
    },
    {
      kind: 'task',
      title: 'Take away half',
      at: 'slider',
      parts: ['rotation'],
      text: () => [
        'The bars of the turned tiles move with the slider; the lines stay where they were before pruning.',
      ],
      task: {
        asks: (seen) => `Remove at least ${count(halfOf(seen), 'neuron')}, and look at the turned tiles.`,
        isDone: (seen) => seen.settled.removed >= halfOf(seen),
        said: (seen) =>
          rotationSentence(
            [
              { name: 'the equivariant network', ...pointAt(seen, seen.sheet) },
              { name: 'the plain network', ...pointAt(seen, peerOf(seen)) },
            ],
            seen.sheet.tiles,
          ),
        action: { label: 'Move it for me', run: (seen) => settle({ removed: halfOf(seen) }) },
      },
    },
    {
      kind: 'reading',
      title: 'Accuracy is not agreement',
      at: 'rotation',
      parts: ['rotation'],
      text: (seen) => {
        const other = pointAt(seen, peerOf(seen), 0);
        const worst = Math.min(...other.turned);
        const share = other.changed / Math.max(1, seen.sheet.tiles - other.undecided);
        return [
          `Whole, the plain network lost at most ${pointsBetween(other.turned[0], worst)} of accuracy by turning, and gave ${percent(share)} of the decided tiles another answer at some turn.`,
          'A right answer that becomes a wrong one and a wrong one that becomes right cancel out in the accuracy. Who takes the same picture twice, from two sides, sees both.',
        ];
      },
    },
  ],
  more: [
    { view: 'rotate', words: 'A whole scene, turned: Rotate' },
    { view: 'data', words: 'Tiles of your own: Data' },
  ],
};
