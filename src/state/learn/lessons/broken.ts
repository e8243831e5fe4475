/** Lesson 5: the right neurons and a wrong next layer; the right share of channels and a broken symmetry. */
import type { CascadeChecks, Naming } from '../../../lab/prune/counterexamples/checks';
import type { Cascade } from '../../../lab/prune/neurons/cascade';
import { measureCascades, measureOrbits } from '../../drivers/broken';
import { settle } from '../../prune/experiment';
import { count, percent, pointsBetween, small } from '../../words/format';
import type { Lesson, Question, Seen } from './lesson';

const halfOf = ({ sheet }: Seen): number => Math.floor(sheet.units / 2);

/** A change that is no rounding of accuracies. */
const isLoss = (difference: number): boolean => difference > 1e-9;

/** The cascade with the lowest accuracy, where that is below guessing; null where none is. */
export const belowChance = (checks: CascadeChecks): Exclude<Cascade, 'aligned'> | null => {
  const worst =
    checks.misaligned.accuracy <= checks['re-initialised'].accuracy ? 'misaligned' : 're-initialised';
  return checks[worst].accuracy < 1 / checks[worst].naming.classes ? worst : null;
};

/** Names that make up most of a network's answers: so many, or as many as it takes for this share of the tiles. */
const MOST_NAMES = 3;
const MOST_TILES = 0.6;

/** What it says, whatever it is shown. */
function alwaysSentence({ counts, classes }: Naming, names: readonly string[]): string {
  const totals = names.map((_, answer) => counts.reduce((sum, row) => sum + row[answer], 0));
  const tiles = totals.reduce((sum, each) => sum + each, 0);
  const byTotal = [...totals.keys()].sort((a, b) => totals[b] - totals[a]);
  const said: number[] = [];
  let covered = 0;
  for (const answer of byTotal)
    if (totals[answer] > 0 && said.length < MOST_NAMES && covered < MOST_TILES * tiles) {
      said.push(answer);
      covered += totals[answer];
    }
  const never = totals.filter((total) => total === 0).length;
  const list = said.map((answer) => `${names[answer]} to ${count(totals[answer], 'tile')}`).join(', ');
  const silent = never === 0 ? '' : ` ${never} of the ${classes} names it never says.`;
  return `It says ${list}: ${covered} of ${tiles}.${silent}`;
}

/** Why an accuracy is below that of guessing, where one is. */
export function chanceSentences(checks: CascadeChecks, names: readonly string[]): string[] {
  const { classes } = checks.aligned.naming;
  const chance = percent(1 / classes);
  const below = belowChance(checks);
  if (!below)
    return [
      `Who guesses among ${count(classes, 'class', 'classes')} is right on ${chance}. Neither wrong cascade is below that here.`,
      `With the first columns: ${alwaysSentence(checks.misaligned.naming, names)}`,
    ];
  const { accuracy, naming } = checks[below];
  const { consistent, swap } = naming;
  const which = below === 'misaligned' ? 'With the first columns' : 'With a next layer drawn anew';
  const example = swap
    ? ` ${swap.tiles} of ${count(swap.of, 'tile')} of ${names[swap.label]} are called ${names[swap.answer]}.`
    : '';
  return [
    `Who guesses among ${count(classes, 'class', 'classes')} is right on ${chance}. ${which} it is ${percent(accuracy)}: below chance, so this is no guessing. Who knows nothing is right now and then; who is wrong this steadily knows something.`,
    `${alwaysSentence(naming, names)} ${percent(consistent)} of the tiles get the answer that is most common for their class.${example}`,
    'The hidden neurons are those of the right network, to the last digit: they still tell the classes apart. The last layer gives what they tell a wrong name.',
  ];
}

function cascadeSentence({ sheet, settled, broken }: Seen): string {
  if (broken.cascades.status !== 'done') return '';
  const { aligned, misaligned, 're-initialised': fresh, changed } = broken.cascades.result;
  const others = `With the first columns instead, ${percent(misaligned.accuracy)}; with a next layer drawn anew, ${percent(fresh.accuracy)}.`;
  return `The same ${count(sheet.units - settled.removed, 'neuron')} stay in all three. With the columns that belong to them, ${percent(aligned.accuracy)} are right. ${others} The first columns change the answer to ${changed.found} of ${count(sheet.tiles, 'tile')}.`;
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
    'Of the first convolution as many channels go twice: once as whole fields, once a petal off every field. Which network still gives every tile the same answer at all four turns?';
  if (broken.orbits.status !== 'done') return { asks, answers: ANSWERS, found: null };
  const { result } = broken.orbits;
  const { whole, asFields, singly, tiles, removedSingly, removedAsFields, channels, fields } = result;
  return {
    asks,
    answers: ANSWERS,
    found: {
      right: agreeing(asFields.changed, singly.changed),
      because: `As whole fields ${removedAsFields} of ${count(channels, 'channel')} went: ${asFields.changed} of ${count(tiles, 'tile')} change their answer, and the equivariance error is ${small(asFields.error)} (whole: ${small(whole.error)}). A petal off each of ${count(fields, 'field')}, ${count(removedSingly, 'channel')}: ${singly.changed} do, and it is ${small(singly.error)}.`,
    },
  };
}

export const broken: Lesson = {
  id: 'broken',
  title: 'A wrong cascade, and a broken orbit',
  summary:
    'Two ways in which pruning goes wrong in software that raises no error, measured live on the network you have open.',
  minutes: 6,
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
      at: 'board',
      exhibit: 'cascade',
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
      title: 'Worse than guessing',
      at: 'board',
      exhibit: 'naming',
      parts: [],
      text: ({ broken, opened }) =>
        broken.cascades.status === 'done'
          ? chanceSentences(broken.cascades.result, opened.nets.main.classes)
          : ['The cascades were not measured at this setting: go back one step to do so.'],
    },
    {
      kind: 'reading',
      title: 'A petal torn off',
      at: 'orbit',
      exhibit: 'orbit',
      parts: [],
      text: ({ opened }) => [
        `In the convolutions a filter comes in all orientations of ${opened.nets.main.group}: a flower with a petal for each. Turn the tile: the maps turn along and change seats, and the answer stays.`,
        'Now tear one petal off, as a tool does that removes single channels, and turn the tile again. The empty seat stays where it is, while all else turns. Watch the answers, and the equivariance error. Then tear off the others too.',
      ],
    },
    {
      kind: 'question',
      title: 'And the symmetry?',
      at: 'board',
      exhibit: 'turning',
      parts: [],
      covers: 'view',
      text: ({ opened }) => [
        `In the convolutions channels come in fields: one pattern in every orientation of ${opened.nets.main.group}. Turning the picture moves what a field says from one of its channels to the next.`,
        'A tool that knows nothing of that removes single channels: a petal here, a petal there.',
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
            `Turned, its network changes its mind on ${count(misaligned.changed, 'tile')}: ${misaligned.changed === 0 ? 'whole neurons are read wrongly, in all orientations alike, so agreement does not see it' : 'so agreement sees something of it'}.`,
          );
        } else sentences.push('The cascades were not measured at this setting: go back to do so.');
        if (orbits.status === 'done') {
          const { asFields, singly, whole, tiles } = orbits.result;
          sentences.push(
            `Without those channels of the first convolution ${percent(whole.accuracy)} became ${percent(asFields.accuracy)} (whole fields) and ${percent(singly.accuracy)} (single petals), before any fine-tuning. Which of the two is broken accuracy does not say; turned, ${asFields.changed} and ${singly.changed} of ${count(tiles, 'tile')} change their answer.`,
          );
        }
        sentences.push(
          'So do both: hold the logits of the pruned network against those of the masked one, and turn its tiles.',
        );
        return sentences;
      },
    },
  ],
  more: [
    { view: 'fields', words: 'Fields, orbits and channels, layer by layer: Fields' },
    { view: 'paper', words: 'What the paper’s collapse looks like: Paper, finding 6' },
  ],
};
