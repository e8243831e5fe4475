/**
 * Text from a stranger's file as it can be shown: on one line, cut, and without signs that nobody sees but that steer a
 * terminal or turn the writing round. Letters of every script stay.
 */

/** Spaces, line breaks and control characters; not the space that never breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found.
const GAPS = /[ \u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * Invisible signs (Unicode's format characters, such as those that turn the direction of writing, and its tags), but for the
 * two joiners that scripts and pictograms need; and halves of characters.
 */
const UNSEEN = /(?![\u200c\u200d])\p{Cf}|\p{Cs}/gu;

/** What breaks a line or steers. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** The longest line of a table. */
const LINE = 4000;
/** The longest name that a sentence has room for. */
const NAME = 80;
/** The longest sentence: it may name a few things. */
const SENTENCE = 1000;

/** A name, at most `most` characters of it. */
export function plain(text: string, most = NAME): string {
  const clear = cleared(text.slice(0, 4 * most));
  const letters = [...clear];
  if (letters.length <= most && text.length <= 4 * most) return clear;
  return `${letters.slice(0, most - 1).join('')}…`;
}

/** Names, each of them. */
export const plainNames = (names: readonly string[]): string[] => names.map((name) => plain(name));

/** A value of parsed JSON with all of its texts plain, at most `most` characters of each. */
export function plainTexts(value: unknown, most: number): unknown {
  if (typeof value === 'string') return plain(value, most);
  if (Array.isArray(value)) return value.map((each) => plainTexts(each, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [plain(key), plainTexts(each, most)]));
}

/** A line of a table as it is set, its spaces too. */
export function plainLine(text: string): string {
  const line = text.replace(UNSEEN, '').replace(CONTROL, ' ');
  return line.length <= LINE ? line : `${line.slice(0, LINE)}…`;
}

/** A sentence. One that is far too long names something endless in its midst: there it is cut. */
export function plainSentence(text: string): string {
  if (text.length <= SENTENCE) return cleared(text);
  return `${cleared(text.slice(0, SENTENCE / 2))} … ${cleared(text.slice(-SENTENCE / 2))}`;
}

const cleared = (text: string): string => text.replace(GAPS, ' ').replace(UNSEEN, '').trim();
