/** Lesson 1: what it means that a network is equivariant, on one tile and then on all of them. */
import { measureOblique } from '../../drivers/minds';
import { count, interval, millions, percent, pointsBetween, small, whole } from '../../words/format';
import { turnBoardTile } from './boardTile';
import { among, type Lesson, pointAt, type Question, type Seen } from './lesson';
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

const times = (ratio: number): string => `${ratio.toFixed(1)} times`;

function obliqueSentence({ compared: { oblique } }: Seen): string {
  if (oblique.status !== 'done') return '';
  const { nets, tiles, degrees } = oblique.result;
  const [own, other] = nets;
  return `At ${degrees}° the equivariant network is right on ${percent(own.accuracy)}, and answers ${own.changed} of ${count(tiles, 'tile')} otherwise than upright; the plain one on ${percent(other.accuracy)}, and ${other.changed}.${own.changed > 0 ? ' So its promise holds for the turns of its group, and no further.' : ''}`;
}

export const equivariance: Lesson = {
  id: 'equivariance',
  title: 'What is equivariance?',
  summary: 'A picture is turned, and a network built for it turns along inside and answers the same.',
  minutes: 4,
  view: 'prune',
  lack: lackOfPair,
  steps: [
    {
      kind: 'task',
      title: 'A tile, and a turn',
      at: 'board',
      parts: [],
      covers: 'view',
      exhibit: 'turn',
      text: ({ opened: { nets } }) => [
        `Two networks tell ${count(nets.main.classes.length, 'kind')} of land apart. A satellite looks straight down: a forest is a forest whichever way its picture lies.`,
      ],
      task: {
        asks: () => 'Turn the tile, and listen to both.',
        isDone: ({ turns, compared: { minds } }) => minds.status === 'done' && (turns ?? 0) > 0,
        said: ({ compared: { minds } }) =>
          minds.status === 'done'
            ? `On ${minds.result.found} of ${count(minds.result.tiles, 'tile')} the plain network, right upright, changes its mind at some turn, and the equivariant one stays right.`
            : '',
        action: {
          label: 'Turn it for me',
          run: turnBoardTile,
          busy: ({ compared: { minds } }) => minds.status === 'running',
        },
      },
    },
    {
      kind: 'reading',
      title: 'Why it need not change its mind',
      at: 'board',
      parts: [],
      covers: 'view',
      exhibit: 'turn',
      text: ({ opened: { nets } }) => [
        'To a network a turned picture is other numbers in other places. The plain one has learnt what they mean upright, and nothing else.',
        `The first is built for ${groupWords(nets.main.group)}: turn the picture, and everything inside it turns along. That is equivariance. At its end it takes what is common to all turns, so the answer stays: invariance.`,
      ],
    },
    {
      kind: 'reading',
      title: 'How it does that',
      at: 'orbit',
      covers: 'view',
      exhibit: 'orbit',
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
      covers: 'view',
      text: () => [
        'One tile proves nothing. The networks on the bench were asked about all of theirs, at four turns.',
      ],
      question,
    },
    {
      kind: 'reading',
      title: 'What it costs',
      at: 'rotation',
      parts: ['rotation'],
      text: (seen) => {
        const here = pointAt(seen, seen.sheet, 0);
        const other = pointAt(seen, peerOf(seen), 0);
        const ratio = here.macs / other.macs;
        const work =
          ratio > 1.05
            ? `${times(ratio)} as many`
            : ratio < 0.95
              ? `${times(1 / ratio)} fewer`
              : 'about as many';
        return [
          `Upright, it is right on ${interval(here.accuracy, seen.sheet.tiles)} of the tiles, the plain network on ${interval(other.accuracy, peerOf(seen).tiles)} (in brackets what ${count(seen.sheet.tiles, 'tile')} leave open).`,
          `For one tile it takes ${millions(here.macs)} multiply-adds, the plain one ${millions(other.macs)}: ${work}. Each filter is stored once and used in every orientation: ${whole(here.params)} parameters, against ${whole(other.params)}.`,
          `Of ${count(seen.sheet.tiles, 'tile')}, turned, it changed its mind on ${here.changed}; the plain one on ${other.changed}.`,
        ];
      },
    },
    {
      kind: 'task',
      title: 'Where it ends',
      at: 'rotation',
      parts: ['rotation'],
      text: ({ opened: { nets } }) => [
        `It is built for ${groupWords(nets.main.group)}, and for no angle between: at 45° the grid of pixels does not fall on itself, and the tile has to be interpolated.`,
      ],
      task: {
        asks: (seen) => `Ask both networks about all ${count(seen.sheet.tiles, 'tile')} at 45°.`,
        isDone: ({ compared: { oblique } }) => oblique.status === 'done',
        said: obliqueSentence,
        action: {
          label: 'Turn them by 45°',
          run: () => void measureOblique(),
          busy: ({ compared: { oblique } }) => oblique.status === 'running',
        },
        trouble: ({ compared: { oblique } }) => (oblique.status === 'failed' ? oblique.message : null),
      },
    },
  ],
  more: [
    { view: 'rotate', words: 'Your own pictures, at any angle: Rotate' },
    { view: 'train', words: 'Train one with another group: Train' },
  ],
};
