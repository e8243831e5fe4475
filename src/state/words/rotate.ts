/** What the Rotate view says, computed from what was measured. */

import { sameClasses } from '../../lab/data/tiles';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import { marginsOf } from '../../lab/pictures/cut';
import { plainNames } from '../../lab/plain';
import { type ClassMap, countEmpty, mapAgreement } from '../../lab/scenes/cells';
import { marginWords } from '../../lab/scenes/words';
import type { LookedNet } from '../../worker/protocol/results';
import type { Pace } from '../page/jobPace';
import type { Progress } from '../page/lab';
import type { Look } from '../rotate/looking';
import {
  type BroughtPicture,
  type Cutting,
  type PicturesState,
  type ShownPicture,
  sceneGrid,
} from '../rotate/pictures';
import { RIGHT_ANGLES, SWEEP, type Sweep, steadiness } from '../rotate/sweep';
import { apart, capital, count, seconds, small, whole, wholePercent } from './format';
import { fitSentence } from './prune';

/** What is being read, and how far that is. */
export function readingSentence({ what, done, total }: NonNullable<PicturesState['reading']>): string {
  return total === null || total < 2 ? `Reading ${what} …` : `Reading ${what}, ${done + 1} of ${total} …`;
}

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
    return `The ${square.side}×${square.side} pixels from column ${square.left}, row ${square.top}${scaled}.`;
  }
  return fitSentence({ side: square.side, size }, { width, height, notes });
}

/** "The same answer, Highway, at 2 of 4 right angles and at 11 of all 24 angles; its confidence lies between 31 and 98 %." */
export function steadySentence(look: Look, sweep: Sweep, index: number): string {
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
  return `${first}, at ${all.same} of all ${all.of} angles; confidence in it ${range}.${unsure}`;
}

/**
 * Why what a network says of a picture means little; null where it was trained on such, or nobody knows on what. A picture
 * of the reader's own is taken for a satellite picture.
 */
export function strangeSentence(
  { trained, classes }: Pick<Extract<LookedNet, { problem: null }>, 'trained' | 'classes'>,
  { synthetic, dataset }: Pick<BroughtPicture, 'synthetic' | 'dataset'>,
): string | null {
  if (!trained) return null;
  if (dataset && !sameClasses(plainNames(dataset.classes), classes)) {
    return `Trained on other classes (${trained.dataset}): what it says of this tile means little. In Train a network can be trained on ${dataset.title}.`;
  }
  if (trained.synthetic === synthetic) return null;
  return synthetic
    ? 'Trained on real tiles: what it says of a synthetic one means little.'
    : 'Trained on synthetic tiles: what it says of a real picture means little.';
}

/** On how many cells a network changed its mind when the scene was turned, and on how many it cannot say. */
export function mindSentence(turns: readonly (ClassMap | null)[]): string {
  const there = turns.filter((map) => map !== null);
  if (there.length === 0) return 'Being mapped …';
  const empty = countEmpty(there[0]);
  const cells = there[0].answers.length - empty;
  const without =
    empty > 0 ? ` ${count(empty, 'cell')} without data ${empty === 1 ? 'is' : 'are'} empty.` : '';
  if (there.length < turns.length) return `${there.length} of ${turns.length} turns mapped …`;
  const { changed, undecided } = mapAgreement(there);
  const decided = cells - undecided;
  const are = undecided === 1 ? 'is' : 'are';
  const left =
    undecided > 0
      ? ` ${count(undecided, 'cell')} ${are} too close to call at some turn and not counted.`
      : '';
  return changed === 0
    ? `The same map at all four turns: none of ${count(decided, 'cell')} changed.${left}${without}`
    : `Changed its mind on ${whole(changed)} of ${count(decided, 'cell')} as the scene was turned.${left}${without}`;
}

/** A cell that is pointed at: where it is, what it shows, how sure that is. */
export function cellSentence(
  { grid, classes, answers, probabilities, undecided, empty }: ClassMap,
  cell: number,
): string {
  const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
  if (empty[cell]) return `Column ${column + 1}, row ${row + 1}: no data, so no answer`;
  const sure = undecided[cell] ? 'too close to call' : wholePercent(probabilities[cell]);
  return `Column ${column + 1}, row ${row + 1}: ${apart(classes[answers[cell]])}, ${sure}`;
}

/** How a scene is cut, where it lies, and what cells mean. */
export function sceneSentence({ picture, brought: { name } }: ShownPicture, cutting: Cutting): string {
  const grid = sceneGrid(picture, name, cutting);
  const { columns, rows, cell, stride } = grid;
  const step = stride < cell ? `, one every ${stride}, whose answer stands for its middle` : '';
  const left = marginWords(marginsOf(grid, picture));
  const margin = left ? ` ${capital(left)} is left out.` : '';
  const { georeference, placeNotes = [] } = picture;
  const unkept = placeNotes.map((note) => ` ${capital(note)}.`).join('');
  const place = georeference
    ? ` It says where it lies${georeference.epsg ? ` (EPSG:${georeference.epsg})` : ''}, and so will a saved map.`
    : '';
  return `${columns}×${rows} cells of ${cell}×${cell} pixels${step}, each answered by itself. The scene is turned first and then mapped; cells that changed their class are framed.${margin}${place}${unkept}`;
}

/** "312 of 8,192 cells, 210 a second, 38 s left." */
export function mappingSentence({ done, total }: Progress, pace: Pace | null): string {
  const far = `${whole(done)} of ${count(total, 'cell')}`;
  return pace ? `${far}, ${whole(Math.round(pace.rate))} a second, ${seconds(pace.secondsLeft)} left` : far;
}

/** How far a field's maps are from the upright ones once they are put right, and what that says. */
export function fieldSentence(
  { degrees, order, shift, circle, difference, blockDifference }: FieldMaps,
  { group, kind }: { readonly group: string; readonly kind: string },
): string {
  if (degrees === 0) return 'Turn the tile: what comes of these maps stands below them.';
  const shifted = order > 1 && shift > 0 ? ` and its ${order} maps put back by ${count(shift, 'place')}` : '';
  const where = circle ? ', within the circle' : '';
  const error = `${small(difference)} of the strongest response (${small(blockDifference)} over all fields of the block)`;
  const measured = `Turned back by ${degrees}°${shifted}, they differ from the upright maps by up to ${error}${where}.`;
  if (circle)
    return `${measured} Between right angles pixels are interpolated, and no network here is exact.`;
  if (difference < ROUNDING) return `${measured} That is rounding: this field turns in step.`;
  return kind === 'plain'
    ? `${measured} A plain network’s maps do not turn with the tile.`
    : `${measured} ${group} does not hold this turn.`;
}

/** Errors of 32-bit floats after a few layers stay far below, those of a broken symmetry far above. */
export const ROUNDING = 1e-4;
