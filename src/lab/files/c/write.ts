/** Text and numbers as C99 takes them, whoever wrote the text. */
import { plain } from '../../plain';
import type { NumberType } from './shapes';

/** A comment's words: nothing in them begins or ends a comment, or stands for another sign. */
export const commentWords = (text: string): string =>
  text.replaceAll('*/', '* /').replaceAll('/*', '/ *').replaceAll('??', '? ?');

/** A comment of several lines at the head of a part, at most 100 signs wide. */
export const comment = (lines: readonly string[]): string =>
  [
    '/*',
    ...lines
      .flatMap((line) => wrapped(commentWords(line).replaceAll('\\', '\\ ')))
      .map((line) => ` * ${line}`.trimEnd()),
    ' */',
  ].join('\n');

function wrapped(line: string): string[] {
  const most = 96;
  const out: string[] = [];
  for (const word of line.split(' ')) {
    const last = out.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) out.push(word);
    else out[out.length - 1] = `${last} ${word}`;
  }
  return out;
}

/** A string in quotes: ASCII as it is, all else byte by byte in octal, which is UTF-8 whatever the compiler takes files for. */
export function stringLiteral(text: string, most?: number): string {
  const bytes = new TextEncoder().encode(plain(text, most));
  const signs = Array.from(bytes, (byte) => {
    const isPlain = byte >= 32 && byte < 127 && !'"\\?'.includes(String.fromCharCode(byte));
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${signs.join('')}"`;
}

/** The shortest decimals that are this float again. */
export function floatLiteral(value: number): string {
  const float = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const text = float.toPrecision(digits);
    if (Math.fround(Number(text)) !== float) continue;
    const short = String(Number(text));
    return /[.e]/.test(short) ? `${short}f` : `${short}.0f`;
  }
  throw new Error(`${value} is no finite number.`);
}

/** The name of a layer's numbers as a name in C, which may be another's too; C tells names apart by 63 signs. */
export const identifier = (name: string): string =>
  `orbit_of_${name.slice(-40).replaceAll(/[^A-Za-z0-9]/g, '_')}`;

/** A constant array. */
export function arrayOf(
  type: NumberType | 'uint16_t',
  name: string,
  data: ArrayLike<number | bigint>,
): string {
  const each = type === 'float' ? floatLiteral : String;
  const lines = [`static const ${type} ${name}[${data.length}] = {`];
  let line = '';
  for (let i = 0; i < data.length; i++) {
    const next = `${each(Number(data[i]))},`;
    if (line.length + next.length > 116) {
      lines.push(line);
      line = '';
    }
    line += next;
  }
  return [...lines, `${line}};`].join('\n');
}
