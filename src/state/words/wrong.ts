/** Sentences on where a network is wrong. */

import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { Comparison } from '../../lab/evaluate/report/compare';
import type { List } from '../wrong/wrong';
import { capital, count, interval, small, whole, wholePercent } from './format';

/** "240 val tiles of …: 90.8 % (…) are answered rightly, 22 wrongly; of 31 the answer is unsure." */
export function wrongSentence({ n, accuracy, tiles, unsureBelow }: ClassReport, of: string): string {
  const wrong = tiles.filter(({ right }) => !right).length;
  const unsure = tiles.filter((tile) => tile.unsure).length;
  const named = of.replace(/^(\d+) val /, '$1 validation ');
  return `${capital(named)}: ${interval(accuracy, n)} right, ${whole(wrong)} wrong; ${unsure === 0 ? 'none is' : `${whole(unsure)} ${unsure === 1 ? 'is' : 'are'}`} unsure, below ${wholePercent(unsureBelow)}.`;
}

/** What a step won and lost. network: the one before, within a sentence. */
export function againstSentence({ gained, lost, p, changes }: Comparison, network: string): string {
  const others = changes.length - gained - lost;
  const odds =
    gained + lost === 0
      ? ''
      : ` Were neither better, chance would be as uneven with p = ${small(p)} (McNemar’s test, mid-p).`;
  return `Against ${network}: ${count(lost, 'tile')} lost, ${whole(gained)} gained, ${whole(others)} wrong as another class.${odds}`;
}

/** What a cell of the confusion says, for who hears it. */
export function cellWords(
  truth: string,
  answer: string,
  tiles: number,
  share: number | null,
  isRight: boolean,
): string {
  const what = isRight ? `${truth}, answered rightly` : `${truth} answered as ${answer}`;
  return `${what}: ${count(tiles, 'tile')}${share === null ? '' : `, ${wholePercent(share)} of the class`}`;
}

export const LIST_NAMES: Readonly<Record<List, string>> = {
  wrong: 'Wrong',
  unsure: 'Unsure',
  lost: 'Lost',
  gained: 'Gained',
  cell: 'Of a cell',
};

/** What a list holds, and in which order. */
export const LIST_SENTENCES: Readonly<Record<Exclude<List, 'cell'>, string>> = {
  wrong: 'Answered wrongly, the surest first.',
  unsure: 'The answer has little probability; the least sure first.',
  lost: 'The network beside is right, this one wrong.',
  gained: 'The network beside is wrong, this one right.',
};

/** What there is to say where a list is empty. */
export const EMPTY_LISTS: Readonly<Record<List, string>> = {
  wrong: 'No tile is answered wrongly.',
  unsure: 'No answer is unsure.',
  lost: 'No tile was lost.',
  gained: 'No tile was gained.',
  cell: 'No tile is in this cell.',
};
