/** Lesson 1: what it means that a network is equivariant, on one tile and then on all of them. */
import { count, percent, pointsBetween, small, whole } from '../../words/format';
import { tileSentence } from '../../words/prune';
import { among, type Lesson, pointAt, type Question, type Seen } from './lesson';
import { askAboutPaintedTile } from './paint';
import { groupWords, lackOfPair, peerOf } from './pair';

/** Below this an equivariance error is what single precision makes of exact equality. */
const ROUNDING = 1e-4;

function question(seen: Seen): Question {
  const here = pointAt(seen, seen.sheet);
  const other = pointAt(seen, peerOf(seen));
  const [upright, turned] = here.turned;
  const { answers, right } = among(
    turned,
    [other.turned[1], other.turned[0], (upright + other.turned[1]) / 2, upright / 2, upright / 4],
    percent,
  );
  const moved =
    Math.abs(turned - upright) < 1e-9 ? 'It is the same' : `It moved by ${pointsBetween(upright, turned)}`;
  const rounding = here.error < ROUNDING ? 'no more than rounding' : 'more than rounding';
  return {
    asks: `Upright, the equivariant network answers ${percent(upright)} of ${count(seen.sheet.tiles, 'validation tile')} rightly. How many when every tile is turned by 90°?`,
    answers,
    found: {
      right,
      because: `${moved}: ${percent(turned)}. Its logits differ by ${small(here.error)} of the largest, ${rounding}. The plain network went from ${percent(other.turned[0])} to ${percent(other.turned[1])}.`,
    },
  };
}

export const equivariance: Lesson = {
  id: 'equivariance',
  title: 'What is equivariance?',
  summary: 'A picture is turned, and a network built for it turns along inside and answers the same.',
  minutes: 3,
  view: 'prune',
  lack: lackOfPair,
  steps: [
    {
      kind: 'reading',
      title: 'A forest has no up',
      at: 'tile',
      parts: ['tile'],
      text: ({ opened }) => {
        const { main, peer } = opened.nets;
        return [
          `On the bench are two networks that tell ${count(main.classes.length, 'kind')} of land apart: ${main.title}, and ${peer!.title}.`,
          'A satellite looks straight down. A forest is a forest whichever way the picture lies; but to a network a turned picture is other numbers in other places.',
          `The first network is built for ${groupWords(main.group)}: turn the picture, and everything inside it turns along. That is equivariance. At its end it takes what is common to all turns, so the answer stays: invariance.`,
        ];
      },
    },
    {
      kind: 'task',
      title: 'Turn a tile by 90°',
      at: 'tile',
      parts: ['tile'],
      text: () => [
        'Two networks of the same two kinds, trained on real satellite tiles, are asked about one picture four times: as it is, and turned by 90°, 180° and 270°.',
      ],
      task: {
        asks: () => 'Give them a tile: one of your own, or one that the lab paints.',
        isDone: ({ tile }) => tile.status === 'done',
        said: ({ tile }) => (tile.status === 'done' ? tileSentence(tile.result.nets) : ''),
        action: {
          label: 'Paint a tile and turn it',
          run: () => void askAboutPaintedTile(),
          busy: ({ tile }) => tile.status === 'reading',
        },
      },
    },
    {
      kind: 'reading',
      title: 'How it does that',
      at: 'orbit',
      parts: [],
      text: ({ opened }) => [
        `Each filter of ${opened.nets.main.title} is stored once and looks in every orientation of ${opened.nets.main.group}. Here is one of them, with the maps that it makes of a validation tile.`,
        'Turn the tile by the middle of the flower. Each map turns along and moves to the seat of another; what is largest at each place stays largest, and so the answer stays.',
      ],
    },
    {
      kind: 'question',
      title: 'Now all of them',
      at: 'rotation',
      parts: ['rotation'],
      text: () => [
        'One tile proves nothing. The networks on the bench were asked about all of theirs, at four turns.',
      ],
      question,
    },
    {
      kind: 'reading',
      title: 'What it costs, and what it is worth',
      at: 'rotation',
      parts: ['rotation'],
      text: (seen) => {
        const here = pointAt(seen, seen.sheet, 0);
        const other = pointAt(seen, peerOf(seen), 0);
        return [
          `To answer so it needs to see no turned tile in training. Each of its filters is stored once and used in every orientation: ${whole(here.params)} parameters, against ${whole(other.params)} of the plain network.`,
          `Of ${count(seen.sheet.tiles, 'tile')}, turned, it changed its mind on ${here.changed}; the plain one on ${other.changed}.`,
        ];
      },
    },
  ],
  more: [
    { view: 'rotate', words: 'Your own pictures, at any angle: Rotate' },
    { view: 'train', words: 'Train one with another group: Train' },
  ],
};
