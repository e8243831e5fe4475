/** Lesson 4: most of what pruning takes away for nothing had stopped answering long before. */

import { wilsonInterval } from '../../../lab/evaluate/interval';
import type { SheetCurve } from '../../../lab/prune/neurons/sheet';
import { pointAt as pointAtNeuron, unitAt } from '../../prune/neuron';
import { curveOf, deadAmongRemoved, losslessTo } from '../../prune/sheets';
import { count, interval, percent, wholePercent } from '../../words/format';
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

/**
 * What the methods are worth among the living. Where two curves lie farthest apart is sought among many places, and luck is
 * found with it: so the intervals are given there, and every place is counted at which those of the two are apart.
 */
export function methodSentences({ sheet, settled }: Seen): string[] {
  const methods = sheet.curves.filter(({ compensation }) => compensation === settled.compensation);
  const places = Array.from({ length: sheet.units - 1 }, (_, i) => sheet.units - 1 - i);
  const at = ({ accuracy }: SheetCurve, kept: number) => accuracy[0][kept];
  const mean = (curve: SheetCurve) => places.reduce((sum, kept) => sum + at(curve, kept), 0) / places.length;
  const [lowest, highest] = extremes(methods, mean);
  if (lowest === highest || mean(lowest) === mean(highest)) return ['All methods give the same curve here.'];
  const gap = (kept: number) => Math.abs(at(highest, kept) - at(lowest, kept));
  const widest = places.reduce((best, kept) => (gap(kept) > gap(best) ? kept : best));
  const areApart = (kept: number) => {
    const [lowHigh, highLow] = [
      wilsonInterval(at(lowest, kept), sheet.tiles)[1],
      wilsonInterval(at(highest, kept), sheet.tiles)[0],
    ];
    return highLow > lowHigh;
  };
  const apart = places.filter(areApart).length;
  const shown = (curve: SheetCurve) =>
    `${METHOD_WORDS[curve.method]}, ${interval(at(curve, widest), sheet.tiles)}`;
  const verdict =
    apart === 0
      ? `At none of ${count(places.length, 'place')} are the two intervals apart: on ${count(sheet.tiles, 'tile')} nothing shows that one is better.`
      : `At ${apart} of ${count(places.length, 'place')} the interval of ${METHOD_WORDS[highest.method]} is wholly above that of ${METHOD_WORDS[lowest.method]}: there, and not elsewhere, ${count(sheet.tiles, 'tile')} tell the two apart.`;
  return [
    `Over all places ${METHOD_WORDS[highest.method]} keeps most on average, ${METHOD_WORDS[lowest.method]} least. They differ most with ${sheet.units - widest} gone: ${shown(highest)}; ${shown(lowest)} (in brackets the 95 % interval). But that place was sought, and a spike is easily found among so many.`,
    verdict,
  ];
}

/** Those with the lowest and the highest value. */
function extremes<T>(all: readonly T[], value: (each: T) => number): [T, T] {
  const sorted = all.toSorted((a, b) => value(a) - value(b));
  return [sorted[0], sorted[sorted.length - 1]];
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
