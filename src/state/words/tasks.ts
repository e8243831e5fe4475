/** What is seen of the other tasks, in words: trainings, flows and scenes. */
import type { Moved } from '../../lab/detection/moved';
import type { Tally } from '../../lab/detection/precision';
import type { FlowOfNetwork } from '../../lab/fluids/shown';
import type { Way } from '../../lab/tasks/adapting';
import type { TaskName } from '../../lab/tasks/names';
import type { TaskNetwork } from '../../worker/protocol/results';
import type { TasksForm, Wanted } from '../tasks/form';
import { isTrained, type LiveNetwork } from '../tasks/known';
import { count, percent, small, whole, wholePercent } from './format';

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  tuned: 'plain',
  adapted: 'adapted with R',
  equivariant: 'equivariant',
};

/** What a way is, in a sentence. */
export const WAY_WORDS: Readonly<Record<Way, string>> = {
  tuned: 'A plain network: taught on much, then fine-tuned on the little that there is of the new kind.',
  adapted:
    'The same plain network, fine-tuned with λ · R in its loss: R is how far its answer to what is turned is from the turned answer.',
  equivariant:
    'A network whose answers turn with what it reads, by construction: taught on much, then fine-tuned in the same way.',
};

/** What is done to a flow, in that order: "mirrored, turned by 90° and moved"; nothing for nothing. */
export function changeWords({ turns, mirror, move }: Pick<TasksForm, 'turns' | 'mirror' | 'move'>): string {
  const done = [
    ...(mirror === 'yes' ? ['mirrored'] : []),
    ...(turns > 0 ? [`turned by ${90 * turns}°`] : []),
    ...(move === 'yes' ? ['moved'] : []),
  ];
  return done.length > 1 ? `${done.slice(0, -1).join(', ')} and ${done.at(-1)}` : done.join('');
}

/** How far a network is that nobody trains just now. */
export function keptSentence(network: TaskNetwork | undefined): string {
  if (!network) return 'Looking whether it is kept …';
  const { trainings, problem } = network;
  const kept = problem === null ? 'Kept in this browser.' : `A reload loses it: ${problem}`;
  const [done, all] = [
    trainings.reduce((sum, { history }) => sum + history.length, 0),
    trainings.reduce((sum, { epochs }) => sum + epochs, 0),
  ];
  if (isTrained(network) && trainings.some(({ history }) => history.length === 0))
    return `Trained: opened from a file. ${kept}`;
  if (isTrained(network)) {
    const took = trainings.flatMap(({ history }) => history).reduce((sum, { seconds }) => sum + seconds, 0);
    return `Trained: ${count(all, 'epoch')} in ${Math.round(took)}\u00a0s of work. ${kept}`;
  }
  if (done === 0) return `Not trained yet: ${count(all, 'epoch')}, a minute or so.`;
  return `Begun: it goes on after ${whole(done)} of ${count(all, 'epoch')}. ${kept}`;
}

const TASK_WORDS: Readonly<Record<TaskName, string>> = { fluids: 'flows', detection: 'detection' };

/** That a training goes on that a reload had cut off, after so many epochs of all that lead to it. */
export function takenUpSentence({ task, way }: Pick<Wanted, 'task' | 'way'>, epochs: number): string {
  const point =
    epochs === 0 ? 'begun again with its first epoch' : `picked up after ${count(epochs, 'epoch')}`;
  return `The training of the ${WAY_NAMES[way]} network for ${TASK_WORDS[task]} (under Tasks) had been cut off and was ${point}.`;
}

/** Where a training is. */
export function liveSentence({
  status,
  what,
  training,
  epoch,
  epochs,
  examplesPerSecond,
}: LiveNetwork): string {
  if (status === 'stopping') return 'Stopping; every finished epoch is kept.';
  if (what !== null) return `${what.charAt(0).toUpperCase()}${what.slice(1)} …`;
  if (epochs === 0) return `“${training}” begins …`;
  const pace =
    examplesPerSecond === null ? '' : `, ${count(Math.round(examplesPerSecond), 'example')} a second`;
  return `“${training}”: epoch ${epoch} of ${epochs}${pace}.`;
}

/** How far the network is from the solver after a step of the roll-out. */
export function flowSentence(step: number, interval: number, network: FlowOfNetwork | null): string {
  const time = `time ${(step * interval).toFixed(1)}`;
  if (!network) return `Step ${step}, ${time}: the solver alone. Train a network to set its flow beside it.`;
  if (step === 0) return 'The beginning, which the network is given. From here on it reads its own answers.';
  const { errors, divergences } = network;
  return (
    `Step ${step}, ${time}: the network is off by ${percent(errors[step - 1])} of the velocity’s deviation; ` +
    `its divergence is ${percent(divergences[step - 1])} of its vorticity, the solver’s is none.`
  );
}

/** An answer that is apart by less than this is the same but for rounding. */
const ROUNDING = 1e-4;

/** Whether the network's answer went with the flow. */
export function mindsSentence(changed: string, step: number, { minds }: FlowOfNetwork): string {
  if (changed === '')
    return 'Turn, mirror or move the flow to see whether the network’s answer goes with it.';
  const at = Math.max(step, 1);
  const apart = minds[at - 1];
  const after = at === 1 ? 'after one step' : `after ${at} steps`;
  return apart < ROUNDING
    ? `The flow is ${changed}, and the answer went with it: ${after} it differs from the equally changed answer to the upright flow by ${small(apart)} of the deviation, which is rounding.`
    : `The flow is ${changed}, and the answer did not go with it: ${after} it differs from the equally changed answer to the upright flow by ${percent(apart)} of the deviation.`;
}

/** Detections overlap what they find by at least this. */
export const FOUND_AT = 0.5;

/** What was found on a scene, of boxes of some confidence. */
export function tallySentence(tally: Tally | null, things: number, confidence: number): string {
  const there = things === 0 ? 'Nothing is there to be found' : `${count(things, 'thing')} to be found`;
  if (!tally) return `${there}. Train a network to see its boxes.`;
  const { found, wrong } = tally;
  const sure = `at a confidence of at least ${wholePercent(confidence)}`;
  return `${there}: ${whole(found)} found, ${count(wrong, 'box finds', 'boxes find')} none, ${sure} and an overlap of ${wholePercent(FOUND_AT)}.`;
}

/** Whether the boxes turned with the scene. */
export function movedSentence(turns: number, { upright, turned, apart }: Moved): string {
  if (turns === 0) return 'Turn the scene to see whether the boxes turn with it.';
  const angle = `Turned by ${90 * turns}°`;
  if (upright + turned === 0) return `${angle}: no box here, and none on the upright scene.`;
  if (apart === 0)
    return `${angle}: ${turned === 1 ? 'the box' : `all ${turned} boxes`} turned with the scene.`;
  return (
    `${angle}: of ${count(upright, 'box', 'boxes')} on the upright scene and ${whole(turned)} here, ${whole(apart)} ` +
    `${apart === 1 ? 'has' : 'have'} no partner where the turn takes ${apart === 1 ? 'it' : 'them'}.`
  );
}

/** The measure that detectors are told by. */
export const PRECISION_WORDS =
  'Mean average precision as COCO counts it: boxes take the truth they overlap most, by falling confidence; the area under precision and recall (at 101 recalls) is averaged over the least overlaps 0.50, 0.55 … 0.95 and over the classes. It knows no threshold of confidence.';
