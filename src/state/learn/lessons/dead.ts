/** Lesson 4: most of what pruning takes away for nothing had stopped answering long before; and whether a method is better. */

import { pointAt as pointAtNeuron, unitAt } from '../../prune/neuron';
import { curveOf, deadAmongRemoved, losslessTo } from '../../prune/sheets';
import { capital, count, percent, wholePercent } from '../../words/format';
import { METHOD_WORDS } from '../../words/pipeline';
import { ordinal } from '../../words/prune';
import { among, type Lesson, pointAt, type Question, type Seen } from './lesson';
import { accuracyAt, boundsWords, contestOf, placesAbove, verdictAt, widestAt } from './telling';

const deadOf = ({ sheet }: Seen): number => sheet.dead.reduce((sum, flag) => sum + flag, 0);

/** With nothing removed: the lesson is about the network, wherever the slider stands. */
const curveHere = ({ sheet, settled }: Seen) => curveOf(sheet, settled.method, settled.compensation);

const freeOf = (seen: Seen): number => losslessTo(seen.sheet, curveHere(seen));

function question(seen: Seen): Question {
  const { units, statisticsTiles } = seen.sheet;
  const dead = deadOf(seen);
  const { answers, right } = among(
    dead,
    [Math.round(units / 8), Math.round((3 * units) / 4), Math.round(units / 4), 0, 1, units],
    String,
  );
  const free = freeOf(seen);
  const gone = deadAmongRemoved(seen.sheet, curveHere(seen), free);
  const share =
    free === 0
      ? 'No neuron goes without a loss here.'
      : `Of the ${count(free, 'neuron')} that go without a loss ${gone} are dead.`;
  return {
    asks: `A neuron is dead when the last layer reads the same from it on every training tile. How many of the ${units} are dead?`,
    answers,
    found: {
      right,
      because: `${count(dead, 'neuron')} never changed on ${count(statisticsTiles, 'training tile')}, ${wholePercent(dead / units)} of them. ${share}`,
    },
  };
}

/** Two methods at the place where they lie farthest apart: a spike, or more than that? */
function tellingQuestion(seen: Seen): Question {
  const contest = contestOf(seen);
  const { tiles } = seen.sheet;
  const neither = `They cannot be told apart with ${count(tiles, 'tile')}`;
  if (!contest)
    return {
      asks: 'All methods keep as much here. Which of them is better?',
      answers: ['One of them', neither],
      found: { right: 1, because: 'All methods give the same curve here.' },
    };
  const { first, second, places, units } = contest;
  const removed = widestAt(contest, first, second);
  const [one, other] = [METHOD_WORDS[first.method], METHOD_WORDS[second.method]];
  const above = placesAbove(contest, first, second);
  const below = placesAbove(contest, second, first);
  return {
    asks: `On average ${one} keeps most and ${other} comes next. They lie farthest apart with ${removed} of ${units} gone: there ${one} is right on ${percent(accuracyAt(first, removed))} of the tiles, ${other} on ${percent(accuracyAt(second, removed))}. Which is the better one there?`,
    answers: [capital(one), capital(other), neither],
    found: {
      right: verdictAt(contest, first, second, removed),
      because: `${capital(one)}: ${boundsWords(contest, first, removed)}; ${other}: ${boundsWords(contest, second, removed)}. In brackets what ${count(tiles, 'tile')} leave open, wide enough to hold at all ${count(places.length, 'place')} together, for this one was sought among them. ${capital(one)} is wholly above at ${above} of them, ${other} at ${below}.`,
    },
  };
}

/** What the methods are worth among the living: the first and the last of them, at every place at which they are apart. */
export function methodSentences(seen: Seen): string[] {
  const contest = contestOf(seen);
  if (!contest) return ['All methods give the same curve here.'];
  const { first, last, places } = contest;
  const tiles = count(seen.sheet.tiles, 'tile');
  const [best, worst] = [METHOD_WORDS[first.method], METHOD_WORDS[last.method]];
  const widest = widestAt(contest, first, last);
  const above = placesAbove(contest, first, last);
  return [
    `Over all places ${best} keeps most on average, ${worst} least. They differ most with ${widest} gone: ${best}, ${boundsWords(contest, first, widest)}; ${worst}, ${boundsWords(contest, last, widest)}.`,
    above === 0
      ? `At none of ${count(places.length, 'place')} are the two intervals apart: on ${tiles} nothing shows that one is better.`
      : `At ${above} of ${count(places.length, 'place')} the interval of ${best} is wholly above that of ${worst}: there, and not elsewhere, ${tiles} tell the two apart.`,
  ];
}

export const dead: Lesson = {
  id: 'dead',
  title: 'Why half the network was free',
  summary: 'Where the flat part of the curve comes from: neurons that say the same to every tile.',
  minutes: 5,
  view: 'prune',
  steps: [
    {
      kind: 'reading',
      title: 'What goes for nothing',
      at: 'slider',
      parts: [],
      covers: ['strip'],
      text: (seen) => {
        const free = freeOf(seen);
        const { units } = seen.sheet;
        const whole = percent(pointAt(seen, seen.sheet, 0).accuracy);
        return [
          free === 0
            ? `On this network nothing is free: with the first neuron that goes accuracy is below the ${whole} of the whole network.`
            : `${free} of ${count(units, 'neuron')} can go, ${wholePercent(free / units)}, before accuracy is below the ${whole} of the whole network.`,
          ...(free > 0
            ? ['Either the others took over, or those neurons did nothing. The page can tell.']
            : []),
        ];
      },
    },
    {
      kind: 'question',
      title: 'How many are dead?',
      at: 'slider',
      parts: [],
      covers: 'view',
      text: () => [
        'Behind a hidden neuron stands a ReLU: below zero it says nothing. A training step that is too large can push one below zero for every tile. Then no gradient reaches it again.',
      ],
      question,
    },
    {
      kind: 'task',
      title: 'Meet one',
      at: 'strip',
      parts: ['strip'],
      text: (seen) => [
        'The strip shows the neurons in the order in which they go, as high as what the method ranks them by. Hollow: dead.',
        ...(deadOf(seen) === 0 ? ['None is hollow here: all of them answer to something.'] : []),
      ],
      task: {
        asks: (seen) =>
          deadOf(seen) === 0
            ? 'Point at the neuron that goes first, or move along the strip with the arrow keys, and read what it answers to.'
            : 'Point at a hollow neuron, or move to one with the arrow keys, and read what it answers to.',
        isDone: (seen) =>
          seen.unit !== null &&
          seen.unit < seen.sheet.units &&
          (deadOf(seen) === 0 ? seen.unit === unitAt(curveHere(seen), 1) : seen.sheet.dead[seen.unit] === 1),
        said: (seen) => {
          const { order } = curveHere(seen);
          const unit = seen.unit!;
          const place = order.length - order.indexOf(unit);
          return seen.sheet.dead[unit]
            ? `Neuron ${unit} goes ${ordinal(place)}. Over all training tiles its variance is 0.`
            : `Neuron ${unit} goes ${ordinal(place)}, and is alive.`;
        },
        action: {
          label: 'Point for me',
          run: (seen) => {
            const { order } = curveHere(seen);
            const first = [...order].reverse().find((unit) => seen.sheet.dead[unit] === 1);
            pointAtNeuron(first ?? unitAt(curveHere(seen), 1));
          },
        },
      },
    },
    {
      kind: 'question',
      title: 'Which method is better?',
      at: 'board',
      parts: [],
      covers: 'view',
      exhibit: 'intervals',
      text: () => [
        'Every method has its own order, and so its own curve. Two curves that were measured on few tiles always lie apart somewhere.',
      ],
      question: tellingQuestion,
    },
    {
      kind: 'reading',
      title: 'Where the method matters',
      at: 'board',
      exhibit: 'intervals',
      parts: ['methods', 'strip'],
      text: (seen) => {
        const { sheet } = seen;
        return [
          deadOf(seen) === 0
            ? 'No neuron is dead: the network that was trained is the one that was built.'
            : `${deadOf(seen)} of ${count(sheet.units, 'neuron')} are dead, so the network that was trained is smaller than the one that was built. Leaving those out is bookkeeping, not compression.`,
          ...methodSentences(seen),
        ];
      },
    },
  ],
  more: [{ view: 'paper', words: 'The same in the paper’s network: Paper, finding 7' }],
};
