/** What the Rotate view says, computed from what was measured. */
import { agreementOf } from '../lab/evaluate/agreement';
import { capital, count, wholePercent } from './format';
import { type Look, type Row, SWEEP } from './looking';
import { fitSentence } from './sentences';

/** How the tile was turned, and what of it is real. */
export function turnSentence(isRight: boolean): string {
  return isRight
    ? 'Counter-clockwise, about its centre. At a right angle exactly: every pixel moves to another place, and none is changed.'
    : 'Counter-clockwise, about its centre; each pixel is interpolated between four. Inside the dashed circle all is real; outside, the picture is mirrored at its border to fill the corners.';
}

/** What of the picture the networks see. */
export function partSentence({ shown, part, square, size }: Look): string {
  const { width, height, notes } = shown.picture;
  if (typeof part === 'number' && square.side < Math.min(width, height)) {
    const scaled =
      square.side === size ? '' : `, ${square.side > size ? 'averaged' : 'enlarged'} to ${size}×${size}`;
    return `The ${square.side}×${square.side} pixels from column ${square.left2 / 2}, row ${square.top2 / 2}${scaled}.`;
  }
  return fitSentence({ side: square.side, size }, { width, height, notes });
}

/** How often a network's answer at some angles is its answer upright; null until all were measured. */
export interface Steadiness {
  readonly same: number;
  readonly undecided: number;
  readonly of: number;
}

/** sweep: by the places of SWEEP. */
export function steadiness(
  sweep: readonly (Row | null)[],
  net: number,
  angles: readonly number[],
): Steadiness | null {
  const upright = sweep[0]?.[net];
  if (!upright) return null;
  let [same, undecided] = [0, 0];
  for (const degrees of angles) {
    const at = sweep[SWEEP.indexOf(degrees)]?.[net];
    if (!at) return null;
    if (agreementOf([[upright.answer], [at.answer]], [[0], [0]]).changed === 0) same++;
    if (at.undecided) undecided++;
  }
  return { same, undecided, of: angles.length };
}

const RIGHT_ANGLES: readonly number[] = SWEEP.filter((degrees) => degrees % 90 === 0);

/** "The same answer, Highway, at 2 of 4 right angles and at 11 of all 24 angles; its confidence lies between 31 and 98 %." */
export function steadySentence(look: Look, sweep: readonly (Row | null)[], index: number): string {
  const net = look.nets[index];
  if (net.problem !== null) return net.problem;
  const upright = sweep[0]?.[index];
  const right = steadiness(sweep, index, RIGHT_ANGLES);
  if (!upright || !right) return 'Being turned to the four right angles …';
  const name = net.classes[upright.answer];
  const close = upright.undecided ? ' (too close to call)' : '';
  const first = `${name}${close} at ${right.same} of ${count(right.of, 'right angle')}`;
  const all = steadiness(sweep, index, SWEEP);
  if (!all) return `${first}; the angles between are being measured …`;
  const confidences = sweep.map((row) => row![index]!.probabilities[upright.answer]);
  const [least, most] = [Math.min(...confidences), Math.max(...confidences)].map(wholePercent);
  const range = least === most ? `always ${least}` : `${least} to ${most}`;
  const unsure = all.undecided > 0 ? ` At ${count(all.undecided, 'angle')} it was too close to call.` : '';
  return capital(`${first}, at ${all.same} of all ${all.of} angles; confidence in it ${range}.${unsure}`);
}
