/** What is said of the orbit of a filter, computed from what was measured. */
import type { OrbitAnswer, OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS, type GroupName } from '../../lab/symmetry/group';
import type { BenchOrbit } from '../../worker/protocol/results';
import { apart, count, small, wholePercent } from './format';
import { ROUNDING } from './rotate';

/** How a tile lies: "upright", "at 90°", "mirrored", "mirrored at 90°". */
export function lieWords(name: GroupName, element: number): string {
  const { turns, mirror } = GROUPS[name].elements[element];
  if (turns === 0) return mirror ? 'mirrored' : 'upright';
  return `${mirror ? 'mirrored ' : ''}at ${90 * turns}°`;
}

/** "Filter 2, turned by 90°." */
export function filterWords(name: GroupName, seat: number): string {
  const { turns, mirror } = GROUPS[name].elements[seat];
  const how = [mirror ? 'mirrored' : '', turns > 0 ? `turned by ${90 * turns}°` : ''].filter(Boolean);
  return `Filter ${seat + 1}, ${how.length > 0 ? how.join(' and ') : 'as it was learned'}`;
}

/** The same in a word or two, at the filter. */
export function copyWords(name: GroupName, seat: number): string {
  const { turns, mirror } = GROUPS[name].elements[seat];
  if (mirror) return turns === 0 ? 'mirrored' : `mirrored, ${90 * turns}°`;
  return turns === 0 ? 'one filter' : `↺ ${90 * turns}°`;
}

/** The network has none: "“Plain CNN” is a plain network: …". */
export function lackOfOrbit({ title, group }: { readonly title: string; readonly group: string }): string {
  return group === 'C1'
    ? `“${title}” is a plain network: each of its filters stands alone, with no turned copies beside it. Turn the tile, and its maps are others, not these in other places.`
    : `“${title}” is a transformer: it has fields, but no small filters whose turned copies could be shown.`;
}

interface Said {
  /** With no seat empty. */
  readonly whole: OrbitMaps;
  readonly shown: OrbitMaps;
  /** How the tile lies; null between the group's turns. */
  readonly element: number | null;
  readonly classes: readonly string[];
}

/** What is to be seen, in a sentence or two. */
export function orbitSentence(said: Said): string {
  const { shown, element } = said;
  const { order } = GROUPS[shown.group];
  if (element === null)
    return `On the way: ${shown.group} has no such turn, so there is no seat to change to. Go on to the next.`;
  if (shown.torn.length === order)
    return `All ${order} petals are torn off, the whole field is gone, and ${isSteady(shown) ? `nothing is broken by it: the same answer, ${nameOf(said, 0)}, at every turn` : 'the answers still differ with the turns'}.`;
  if (shown.torn.length > 0) return tornSentence(said, element);
  if (element === 0)
    return `One filter, looking in ${order} directions, makes ${order} maps of the tile. Turn the tile and watch where they go.`;
  const error = largestAt(shown, element);
  if (error >= ROUNDING)
    return `The maps should have turned with the tile, each to another seat, but differ by ${small(error)} of the strongest response.`;
  const moved = movedWord(shown.group, element);
  const kept = isSteady(shown)
    ? `The largest of them is the same map, ${moved}, and the answer the same: ${nameOf(said, element)}.`
    : `The largest of them is the same map, ${moved}; but what comes behind makes another answer of it: ${answersWords(said)}.`;
  return `The maps ${moved === 'turned' ? 'turned' : 'were mirrored'} with the tile and changed seats, exactly (${small(error)} apart). ${kept}`;
}

function tornSentence(said: Said, element: number): string {
  const { shown, whole } = said;
  const one = shown.torn.length === 1;
  const petals = `${one ? 'Petal' : 'Petals'} ${shown.torn.map((seat) => seat + 1).join(' and ')} ${one ? 'is' : 'are'} torn off`;
  if (element === 0 && shown.answers[0].answer === whole.answers[0].answer && !isSteady(shown))
    return `${petals}, as a tool does that knows nothing of orbits. Upright it still says ${nameOf(said, 0)}. Now turn the tile.`;
  const stays = `${petals}, and the empty ${one ? 'seat does' : 'seats do'} not turn with the tile`;
  if (!isSteady(shown)) return `${stays}. So the answer flips: ${answersWords(said)}.`;
  const sure = shown.answers.map(({ probability }) => probability);
  const range = [Math.min(...sure), Math.max(...sure)].map(wholePercent);
  const how = range[0] === range[1] ? `with ${range[0]}` : `with ${range[0]} to ${range[1]}`;
  return `${stays}. Here the answer, ${nameOf(said, 0)}, holds (${how}), but the symmetry does not. Tear another, or take another tile.`;
}

/** "Highway upright and at 180°, Herbaceous at 90° and 270°". */
export function answersWords({ shown, classes }: Pick<Said, 'shown' | 'classes'>): string {
  const by = new Map<number, string[]>();
  for (const [k, { answer }] of shown.answers.entries())
    by.set(answer, [...(by.get(answer) ?? []), lieWords(shown.group, k)]);
  return [...by].map(([answer, lies]) => `${apart(classes[answer])} ${joined(lies)}`).join('; ');
}

const joined = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const nameOf = ({ shown, classes }: Said, element: number): string =>
  apart(classes[shown.answers[element].answer]);

/** Whether an answer is another than the upright one, and no matter of rounding. */
export const isOther = (answers: readonly OrbitAnswer[], element: number): boolean =>
  answers[element].answer !== answers[0].answer && !answers[element].undecided && !answers[0].undecided;

/** Whether the answer is the same, however the tile lies. */
export const isSteady = ({ answers }: Pick<OrbitMaps, 'answers'>): boolean =>
  answers.every((_, k) => !isOther(answers, k));

/** How far the maps are from where the group takes them: the largest over the seats. */
function largestAt({ seatErrors, group }: OrbitMaps, element: number): number {
  const { order } = GROUPS[group];
  return Math.max(...seatErrors.subarray(element * order, (element + 1) * order));
}

/** Whether the map on a seat is what the group makes of the upright ones. */
export const isInStep = ({ seatErrors, group }: OrbitMaps, element: number, seat: number): boolean =>
  seatErrors[element * GROUPS[group].order + seat] < ROUNDING;

/** "× 1.9 + 0.31, one for all 4". */
export function normWords({ norm, group }: Pick<OrbitMaps, 'norm' | 'group'>): string {
  const { order } = GROUPS[group];
  if (!norm) return `in the integers, one scale for all ${order}`;
  const sign = norm.shift < 0 ? '−' : '+';
  return `× ${figure(norm.scale)} ${sign} ${figure(Math.abs(norm.shift))}, one for all ${order}`;
}

const figure = (value: number): string => value.toPrecision(2).replace('-', '−');

/** What became of the pooled map as the tile turned. */
export function pooledWords(
  { group, pooledErrors }: Pick<OrbitMaps, 'group' | 'pooledErrors'>,
  element: number,
): string {
  const error = pooledErrors[element];
  return error < ROUNDING
    ? `: the same map as upright, only ${movedWord(group, element)} (${small(error)} apart)`
    : `: no longer the same map (${small(error)} apart)`;
}

const movedWord = (name: GroupName, element: number): string =>
  GROUPS[name].elements[element].mirror ? 'mirrored' : 'turned';

/** Which tile it is, and how it was found. */
export function tileWords(
  { label, found }: Pick<BenchOrbit, 'label' | 'found'>,
  classes: readonly string[],
): string {
  const is = `A validation tile; its true class is ${apart(classes[label])}.`;
  if (!found) return is;
  const looked = count(found.looked, 'tile');
  return found.flips
    ? `${is} Found by looking: the first of ${looked} whose answer flips once a petal is torn off.`
    : `${is} Of ${looked} looked at, none flips with a single petal torn off; on this one it shows most.`;
}
