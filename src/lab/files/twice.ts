/** JSON that says something twice: parsers silently take what comes last, so a file can mean two things. */
import { BadInput } from '../errors';
import { plain } from '../plain';

/** Throws `BadInput` where a key stands twice in one object of a JSON text; `called` is what the text is called. */
export function requireOnce(text: string, called: string): void {
  const twice = keyTwice(text);
  if (twice === null) return;
  throw new BadInput(
    `${called} says "${plain(twice)}" twice in one place, so it can mean two things: remove one of them.`,
  );
}

/** A key that stands twice in one object of a JSON text, or null. text: valid JSON. */
export function keyTwice(text: string): string | null {
  /** The keys of the objects that are open, the innermost last; null for an array. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '{') open.push(new Set());
    else if (letter === '[') open.push(null);
    else if (letter === '}' || letter === ']') open.pop();
    if (letter !== '"') continue;
    const end = endOfString(text, at);
    if (isKey(text, end)) {
      const key: string = JSON.parse(text.slice(at, end));
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    at = end - 1;
  }
  return null;
}

/** Behind the closing quotation mark of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === '\\') before--;
    // An even number of backslashes are pairs, each of which is one.
    if ((end - 1 - before) % 2 === 0) return end + 1;
  }
}

function isKey(text: string, at: number): boolean {
  while (' \t\r\n'.includes(text[at])) at++;
  return text[at] === ':';
}
