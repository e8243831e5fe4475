/** What is said of many pictures that are classified. */
import type { BatchChoices } from '../../lab/batch/choices';
import type { Flag } from '../../lab/batch/row';
import type { BatchRow } from '../../storage/rows';
import type { Pace } from '../page/jobPace';
import { apart, count, seconds, whole, wholePercent } from './format';

/** Each flag as a column of the table has it. */
export const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  unsure: 'unsure',
  'turns-disagree': 'turns disagree',
  'too-close': 'too close to call',
  resized: 'resized',
  blank: 'one colour',
  'no-data': 'pixels missing',
  unreadable: 'unreadable',
};

/** "1,240 of 5,395, 302 a second, 14 s left" */
export function batchPace(done: number, total: number, pace: Pace | null): string {
  const place = `${whole(done)} of ${whole(total)}`;
  if (!pace) return place;
  const rate = pace.rate < 10 ? pace.rate.toFixed(1) : whole(Math.round(pace.rate));
  return `${place}, ${rate} a second, ${seconds(pace.secondsLeft)} left`;
}

/** What came of it, as far as it is. */
export function batchSentence({ name, title, classes, summary, total, choices }: BatchRow): string {
  const { done, flags } = summary;
  const whose = `“${apart(name)}” by ${apart(title)}`;
  const place =
    done === total
      ? `All ${count(total, 'picture')} of ${whose}`
      : `${whole(done)} of ${count(total, 'picture')} of ${whose}`;
  const found = [
    told(flags.unsure, `unsure (below ${wholePercent(choices.unsure)})`),
    told(flags['turns-disagree'], `answered otherwise when ${turned(choices)}`),
    told(flags['too-close'], 'too close to call'),
    told(flags.blank, 'of one colour'),
    told(flags['no-data'], 'with pixels missing'),
    told(flags.unreadable, 'that could not be read'),
  ].filter((each) => each !== null);
  const answers = summary.counts.filter((each) => each > 0).length;
  const among = `${answers} of ${count(classes.length, 'class', 'classes')} among the answers`;
  return `${place}: ${[among, ...found].join(', ')}.`;
}

const told = (many: number | undefined, what: string): string | null =>
  many ? `${whole(many)} ${what}` : null;

const turned = ({ mirrors }: BatchChoices): string => (mirrors ? 'turned or mirrored' : 'turned');

/** Of one that is not done, while nothing works on it. `isGiven`: its pictures are at hand. */
export function unfinishedSentence({ name, summary, total }: BatchRow, isGiven: boolean): string {
  const after = `after ${whole(summary.done)} of ${count(total, 'picture')}`;
  return isGiven
    ? `Ended ${after}. Started again with the same network and choices, it goes on from there.`
    : `Ended ${after}. This page cannot open “${apart(name)}” by itself: give it again, choose the same network, and it goes on from there.`;
}
