/** What happened to the pictures of a set on their way to three bytes a pixel, counted, to be told once for all. */

import type { Picture } from '../../pictures/picture';
import { few } from './layout';

/** A brightest value below this leaves two bits unused: nearly black to the eye, and to a sum over tiles. */
const DARK = 64;
/** What the decoder says of a picture of which half of each value is gone. */
const CUT = /upper 8/;

export class PictureNotes {
  #tiles = 0;
  /** Of the pictures that were cut to 8 bits, the brightest value left. */
  #brightest = 0;
  readonly #counts = new Map<string, number>();
  /** How many had which side. */
  readonly #sides = new Map<number, number>();

  add({ notes, data }: Picture, side: number): void {
    this.#tiles++;
    this.#sides.set(side, (this.#sides.get(side) ?? 0) + 1);
    for (const note of notes) this.#counts.set(note, (this.#counts.get(note) ?? 0) + 1);
    if (!notes.some((note) => CUT.test(note))) return;
    for (const value of data) if (value > this.#brightest) this.#brightest = value;
  }

  /** size: the side of all tiles now. */
  sentences(size: number): string[] {
    const of = (n: number) => (n === this.#tiles ? `All ${n} pictures` : `${n} of ${this.#tiles} pictures`);
    const said = [...this.#counts].map(
      ([note, n]) => `${of(n)}: ${note}${CUT.test(note) ? this.#dark() : ''}.`,
    );
    const scaled = [...this.#sides].filter(([side]) => side !== size);
    if (scaled.length === 0) return said;
    const sides = few(scaled.sort(([a], [b]) => a - b).map(([side, n]) => `${n} of ${side}×${side}`));
    return [...said, `Scaled to ${size}×${size}, as asked for: ${sides}.`];
  }

  #dark(): string {
    if (this.#brightest >= DARK) return '';
    return (
      `; the brightest value left is ${this.#brightest} of 255, so these tiles are nearly black: stretch all of them to ` +
      '8 bits in one way, and import them again'
    );
  }
}
