/** Lesson 6: a symmetric layer is a convolution over the group too, and needs fewer multiplications than a plain one. */
import { fourierMacs } from '../../../lab/nn/ops/groupConvolution/work';
import { GROUPS, type GroupName } from '../../../lab/symmetry/group';
import type { Runner } from '../../../lab/train/race';
import { runRace } from '../../drivers/race';
import { count, millions } from '../../words/format';
import { among, type Lesson, type Question, type Seen } from './lesson';

const rate = ({ tilesPerSecond }: Runner): string =>
  `${tilesPerSecond < 10 ? tilesPerSecond.toFixed(1) : Math.round(tilesPerSecond)} tiles per second`;

const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 1)} times`;

/** A field of the network's group: its channels, and a product of two at one position. */
function fieldOf({ opened }: Seen) {
  const group = opened.nets.main.group as GroupName;
  const { order } = GROUPS[group];
  const left = fourierMacs({ group, kernel: 1, fieldsIn: 1, sizeIn: order, fieldsOut: 1 });
  return { group, order, written: order ** 2, left };
}

function question(seen: Seen): Question {
  const { group, order, written, left } = fieldOf(seen);
  const { answers, right } = among(left, [written, written / 2, order, order + 1], String);
  return {
    asks: `Written out, two fields take ${written} multiplications at each position. How many are left by Fourier over ${group}?`,
    answers,
    found: {
      right,
      because: `Each one-dimensional representation of ${group} takes one, each of two dimensions ${group === 'C4' ? 'four (a turn by 90° is a complex number, whose second row follows from the first)' : 'eight'}: ${left} of ${written}, exactly, and additions beside. So it is going forward, and for both gradients.`,
    },
  };
}

function raced({ race }: Seen): string {
  if (race.status !== 'done') return '';
  const { symmetric, plain, steps, batch } = race.result;
  const ratio = symmetric.tilesPerSecond / plain.tilesPerSecond;
  const verdict =
    ratio > 1.05
      ? 'The symmetric one is the fast one.'
      : ratio < 0.95
        ? 'Here the plain one wins.'
        : 'A draw.';
  return `${verdict} Over ${count(steps, 'step')} of ${count(batch, 'tile')} each: the symmetric network ${rate(symmetric)}, the plain one ${rate(plain)}: ${times(ratio)} as fast.`;
}

export const fast: Lesson = {
  id: 'fast',
  title: 'The symmetric network is the fast one',
  summary:
    'Sharing weights over turns is said to cost time. Count the multiplications, then race the two on your own device.',
  minutes: 3,
  view: 'prune',
  lack: ({ opened: { nets } }) =>
    nets.main.group === 'C1'
      ? `This lesson races a symmetric network, and ${nets.main.title} has no symmetry: it is a plain network.`
      : null,
  steps: [
    {
      kind: 'reading',
      title: 'A field is small',
      at: 'slider',
      parts: [],
      text: (seen) => {
        const { group, order, written } = fieldOf(seen);
        return [
          `With the symmetry of ${group} a field is ${order} channels, one for each element of the group. To run, a filter between two fields is usually written out as ${order}×${order} ordinary filters: ${written} multiplications at each position, as many as between any ${order} and ${order} channels.`,
          `But those ${written} numbers are ${order} weights, in ${order} orders: a layer is a convolution over the group as well as over the picture.`,
        ];
      },
    },
    {
      kind: 'question',
      title: 'How many are left?',
      at: 'slider',
      parts: [],
      text: () => [
        'A Fourier transform turns a convolution into products. Over a group it makes several small ones.',
      ],
      question,
    },
    {
      kind: 'task',
      title: 'A race',
      at: 'slider',
      parts: [],
      text: () => [
        'Beside the network that is open a plain one is set up, with as many channels in every layer, free filters and no symmetry. Both train on noise for some seconds, a step of each in turn; nothing of it is kept.',
      ],
      task: {
        asks: () => 'Which trains faster, on this device?',
        isDone: ({ race }) => race.status === 'done',
        said: raced,
        action: {
          label: 'Race them',
          run: () => void runRace(),
          busy: ({ race }) => race.status === 'running',
        },
        trouble: ({ race }) => (race.status === 'failed' ? race.message : null),
      },
    },
    {
      kind: 'reading',
      title: 'What to take along',
      at: 'slider',
      parts: [],
      text: ({ race }) => {
        if (race.status !== 'done') return ['The race was not run on this network: go back to do so.'];
        const { symmetric, plain, channels } = race.result;
        const { expanded, fourier } = symmetric.multiplications;
        return [
          `For one tile the convolutions of the symmetric network are ${millions(expanded)} multiplications written out, as many as a plain one with up to ${count(channels, 'channel')} needs (${millions(plain.multiplications.expanded)}), and ${millions(fourier)} by Fourier: ${times(expanded / fourier)} fewer.`,
          'Time is more than multiplications: turning values into components and back, norms, pooling and the head take their share, and the fewer fields a layer has, the larger that share is.',
          'Exported, it is an ordinary network, with filters written out: any runtime takes it, at an ordinary convolution’s price.',
        ];
      },
    },
  ],
  more: [
    { view: 'train', words: 'Train one, and watch its tiles per second: Train' },
    { view: 'fields', words: 'Fewer fields, fewer multiplications: Fields' },
  ],
};
