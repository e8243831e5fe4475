/** Lesson 5: the right neurons and a wrong next layer; the right share of channels and a broken symmetry. */
import { measureCascades, measureOrbits } from '../../drivers/broken';
import { settle } from '../../prune/experiment';
import { count, percent, pointsBetween, small } from '../../words/format';
import type { Lesson, Question, Seen } from './lesson';

const halfOf = ({ sheet }: Seen): number => Math.floor(sheet.units / 2);

/** A change that is no rounding of accuracies. */
const isLoss = (difference: number): boolean => difference > 1e-9;

function cascadeSentence({ sheet, settled, broken }: Seen): string {
  if (broken.cascades.status !== 'done') return '';
  const { aligned, misaligned, 're-initialised': fresh } = broken.cascades.result;
  const others = `With the first columns instead, ${percent(misaligned.accuracy)}; with a next layer drawn anew, ${percent(fresh.accuracy)}.`;
  return `The same ${count(sheet.units - settled.removed, 'neuron')} stay in all three. With the columns that belong to them, ${percent(aligned.accuracy)} are right. ${others}`;
}

const ANSWERS = [
  'Both',
  'Only the one that lost whole fields',
  'Only the one that lost single channels',
  'Neither',
] as const;

/** Which of the answers it is, by how many tiles change their answer. */
export function agreeing(fields: number, singly: number): number {
  if (fields === 0) return singly === 0 ? 0 : 1;
  return singly === 0 ? 2 : 3;
}

function question({ broken }: Seen): Question {
  const asks =
    'In the last convolution half of the channels go: once as whole fields, once singly, those with the least variance. Which network still gives every tile the same answer at all four turns?';
  if (broken.orbits.status !== 'done') return { asks, answers: ANSWERS, found: null };
  const { result } = broken.orbits;
  const { whole, fields, singly, tiles, removedChannels, channels, brokenFields } = result;
  return {
    asks,
    answers: ANSWERS,
    found: {
      right: agreeing(fields.changed, singly.changed),
      because: `${removedChannels} of ${count(channels, 'channel')} went. As whole fields, ${fields.changed} of ${count(tiles, 'tile')} change their answer and the equivariance error is ${small(fields.error)} (whole: ${small(whole.error)}); singly, with ${count(brokenFields, 'field')} broken, ${singly.changed} do and it is ${small(singly.error)}.`,
    },
  };
}

export const broken: Lesson = {
  id: 'broken',
  title: 'A wrong cascade, and a broken orbit',
  summary:
    'Two ways in which pruning goes wrong in software that raises no error, measured live on the network you have open.',
  minutes: 5,
  view: 'prune',
  lack: ({ opened: { nets } }) =>
    nets.main.group === 'C1'
      ? `This lesson breaks a symmetry, and ${nets.main.title} has none to break: it is a plain network.`
      : null,
  steps: [
    {
      kind: 'reading',
      title: 'When a neuron goes',
      at: 'slider',
      parts: [],
      text: ({ sheet }) => [
        `The ${count(sheet.units, 'hidden neuron')} are the inputs of the last layer. When one goes, the column of weights that reads from it must go too: that is the cascade.`,
        'Keep the right neurons but, say, the first columns of the next matrix instead of theirs, and every neuron is read with another one’s weights. Nothing fails, and no message comes.',
      ],
    },
    {
      kind: 'task',
      title: 'The same neurons, three cascades',
      at: 'slider',
      parts: [],
      text: (seen) =>
        seen.settled.removed === 0
          ? ['First take something away: with nothing removed there is nothing to misalign.']
          : [
              'The network is pruned three times at the slider’s position: as it should be, with the wrong columns, and with a next layer drawn anew. Each is asked about all validation tiles.',
            ],
      task: {
        asks: (seen) =>
          seen.settled.removed === 0 ? `Remove some neurons, say ${halfOf(seen)}.` : 'Prune it three ways.',
        isDone: ({ broken, settled }) => settled.removed > 0 && broken.cascades.status === 'done',
        said: cascadeSentence,
        action: {
          label: 'Prune it three ways',
          run: (seen) => {
            if (seen.settled.removed === 0) settle({ removed: halfOf(seen) });
            void measureCascades({ ...seen.settled, removed: seen.settled.removed || halfOf(seen) });
          },
          busy: ({ broken }) => broken.cascades.status === 'running',
        },
        trouble: ({ broken }) => (broken.cascades.status === 'failed' ? broken.cascades.message : null),
      },
    },
    {
      kind: 'reading',
      title: 'A petal torn off',
      at: 'orbit',
      parts: [],
      text: ({ opened }) => [
        `In the convolutions a filter comes in all orientations of ${opened.nets.main.group}: a flower with a petal for each. Turn the tile: the maps turn along and change seats, and the answer stays.`,
        'Now tear one petal off, as a tool does that removes single channels, and turn the tile again. The empty seat stays where it is, while all else turns. Watch the answers, and the equivariance error. Then tear off the others too.',
      ],
    },
    {
      kind: 'question',
      title: 'And the symmetry?',
      at: 'slider',
      parts: [],
      text: ({ opened }) => [
        `In the convolutions channels come in fields: one pattern in every orientation of ${opened.nets.main.group}. Turning the picture moves what a field says from one of its channels to the next.`,
        'A tool that knows nothing of that removes single channels.',
      ],
      question,
      action: {
        label: 'Measure it',
        run: () => void measureOrbits(),
        busy: ({ broken }) => broken.orbits.status === 'running',
      },
      trouble: ({ broken }) => (broken.orbits.status === 'failed' ? broken.orbits.message : null),
    },
    {
      kind: 'reading',
      title: 'What to take along',
      at: 'slider',
      parts: [],
      text: ({ broken: { cascades, orbits } }) => {
        const sentences: string[] = [];
        if (cascades.status === 'done') {
          const { aligned, misaligned } = cascades.result;
          const lost = aligned.accuracy - misaligned.accuracy;
          sentences.push(
            isLoss(lost)
              ? `The wrong cascade alone costs ${pointsBetween(aligned.accuracy, misaligned.accuracy)} here. A published collapse that fine-tuning undoes completely may be one.`
              : 'At this setting the wrong cascade costs nothing.',
          );
        } else sentences.push('The cascades were not measured at this setting: go back to do so.');
        if (orbits.status === 'done') {
          const { fields, singly, whole } = orbits.result;
          sentences.push(
            `Without half of those channels ${percent(whole.accuracy)} became ${percent(fields.accuracy)} (fields) and ${percent(singly.accuracy)} (single channels), before any fine-tuning. The equivariance error of ${small(whole.error)} became ${small(fields.error)} and ${small(singly.error)}.`,
          );
        }
        sentences.push('So: hold the pruned network against the whole one, on logits, and turn its tiles.');
        return sentences;
      },
    },
  ],
  more: [
    { view: 'fields', words: 'Fields, orbits and channels, layer by layer: Fields' },
    { view: 'paper', words: 'What the paper’s collapse looks like: Paper, finding 6' },
  ],
};
