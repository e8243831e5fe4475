/** The sentences of the opening, one a screen, of what the networks answer here. */
import { count } from './format';

/** A network's answers to the tile, upright and turned, as names of classes. */
export interface Voice {
  readonly name: string;
  readonly upright: string;
  readonly turned: string;
}

const changes = ({ upright, turned }: Voice): boolean => upright !== turned;

/** What turning the tile by 90° did; null where nobody has answered yet. */
export function turnSentence(voices: readonly Voice[]): string {
  if (voices.length === 0) return 'A tile is turned by 90°. Two networks look at it.';
  const [moved, steady] = [voices.filter(changes), voices.filter((voice) => !changes(voice))];
  const names = (some: readonly Voice[]) => some.map(({ name }) => `the ${name} network`).join(' and ');
  if (moved.length === 0) return 'Turned by 90°, the tile is still the same to both networks.';
  if (steady.length === 0) return 'Turned by 90°, the tile is another one to every network here.';
  return `Turned by 90°, ${names(moved)} changes its mind; ${names(steady)} does not.`;
}

/** Where the tile comes from: chosen, and said so. */
export const foundSentence = (changed: number, tiles: number, hasChanged: boolean): string =>
  hasChanged
    ? `Found by looking: it is one of ${changed} of ${count(tiles, 'validation tile')} on which the plain network changes its mind.`
    : `The plain network changes its mind on ${changed} of ${count(tiles, 'validation tile')}.`;
