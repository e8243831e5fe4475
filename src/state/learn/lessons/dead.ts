/** Lesson 4: most of what pruning takes away for nothing had stopped answering long before. */

import { pointAt as pointAtNeuron, unitAt } from '../../prune/neuron';
import { curveOf, deadAmongRemoved, losslessTo } from '../../prune/sheets';
import { count, percent, wholePercent } from '../../words/format';
import { METHOD_WORDS } from '../../words/pipeline';
import { ordinal } from '../../words/prune';
import { among, type Lesson, pointAt, type Question, type Seen } from './lesson';

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

export const dead: Lesson = {
  id: 'dead',
  title: 'Why half the network was free',
  summary: 'Where the flat part of the curve comes from: neurons that say the same to every tile.',
  minutes: 4,
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
      kind: 'reading',
      title: 'Where the method matters',
      at: 'slider',
      parts: ['methods', 'strip'],
      text: (seen) => {
        const { sheet, settled } = seen;
        const methods = sheet.curves.filter(({ compensation }) => compensation === settled.compensation);
        // Where the curves lie farthest apart.
        let [at, spread] = [0, 0];
        for (let removed = 1; removed < sheet.units; removed++) {
          const values = methods.map(({ accuracy }) => accuracy[0][sheet.units - removed]);
          const apart = Math.max(...values) - Math.min(...values);
          if (apart > spread) [at, spread] = [removed, apart];
        }
        const named = (pick: (...values: number[]) => number) => {
          const values = methods.map(({ accuracy }) => accuracy[0][sheet.units - at]);
          const value = pick(...values);
          return `${METHOD_WORDS[methods[values.indexOf(value)].method]}, ${percent(value)}`;
        };
        return [
          deadOf(seen) === 0
            ? 'No neuron is dead: the network that was trained is the one that was built.'
            : `${deadOf(seen)} of ${count(sheet.units, 'neuron')} are dead, so the network that was trained is smaller than the one that was built. Leaving those out is bookkeeping, not compression.`,
          spread === 0
            ? 'All methods give the same curve here.'
            : `What a method is worth shows among the living: with ${at} gone the best is ${named(Math.max)}, the worst ${named(Math.min)}.`,
        ];
      },
    },
  ],
  more: [{ view: 'paper', words: 'The same in the paper’s network: Paper, finding 7' }],
};
