/** What it would take to tell a section's comparisons, in tables and sentences: the same in report.md and in the page. */
import { smallestTold } from '../statistics/power';
import { joinWords, points, whole } from './format';
import type { ReportRow, ReportSection, Told } from './report';
import { SEEDS, sideOf } from './told';
import { pWords, signedBetween } from './verdict';

export interface TakesTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Test tiles of the sets that are at hand: their small parts, CIFAR-10 whole, Rotated MNIST whole. */
export const AT_HAND = [1000, 10_000, 50_000] as const;

export const TAKES_TITLE = 'What it would take to tell';

interface Compared {
  readonly label: string;
  readonly told: Told;
}

/** Comparisons of networks with others. */
function comparisonsOf({ rows }: ReportSection): Compared[] {
  return rows.flatMap(({ label, told = [] }) =>
    told.filter(({ against }) => against !== null).map((each) => ({ label, told: each })),
  );
}

/** Every comparison: its interval, what it tells as it is, and the tiles and seeds that it would take. null where the report has none. */
export function takesTable(section: ReportSection): TakesTable | null {
  const compared = comparisonsOf(section);
  if (compared.length === 0) return null;
  return {
    title: TAKES_TITLE,
    head: [
      ...['', 'against', 'difference', 'tells', 'to tell'],
      ...SEEDS.map((seeds) => `tiles, ${seeds} seeds`),
      'seeds, these tiles',
    ],
    rows: compared.map(({ label, told }) => [
      label,
      againstWords(told),
      `${signed(told.difference)} (${signedBetween(told.interval)}), ${pWords(told)}`,
      told.smallest === null ? '–' : points(told.smallest),
      `${points(distanceOf(told))}, ${told.target.from === 'paper' ? 'printed' : 'measured'}`,
      ...SEEDS.map((seeds) =>
        numberOr(told.needed.tiles.find((each) => each.seeds === seeds)?.tiles ?? null),
      ),
      numberOr(told.needed.seeds),
    ]),
  };
}

export const TAKES_NOTE =
  'In points. Difference: with its 95 % interval for other tiles and seeds, and p against the bound of the claim. Tells: the ' +
  'smallest distance from that bound which these tiles and seeds find in 80 % of all cases. To tell: that of the paper’s figures ' +
  'where it prints both, else of those measured; then the tiles that it takes with so many seeds, and the seeds with these tiles. ' +
  '–: no number up to a million tiles, or a hundred seeds, or of one seed nothing is known. What varies was estimated from the ' +
  'seeds of this report: of two or three that is rough.';

/** The smallest distances told, tiles across and seeds down, for each comparison: where seeds differ, more tiles do little. */
export function gridTable(section: ReportSection): TakesTable | null {
  const compared = comparisonsOf(section).filter(({ told }) => told.components !== null);
  if (compared.length === 0) return null;
  const sizes = [...new Set([section.data.splits.test, ...AT_HAND])].sort((a, b) => a - b);
  return {
    title: 'Smallest difference that can be told, in points, by tiles and seeds',
    head: ['', 'against', 'seeds', ...sizes.map((tiles) => `${whole(tiles)} tiles`)],
    rows: compared.flatMap(({ label, told }) =>
      SEEDS.map((seeds) => [
        label,
        againstWords(told),
        String(seeds),
        ...sizes.map((tiles) => points(smallestTold(told.components!, { tiles, seeds, folds: told.folds }))),
      ]),
    ),
  };
}

/** What of the comparisons no data at hand would tell, in a sentence; null where there is nothing of that kind. */
export function beyondReach(section: ReportSection): string | null {
  const [, , most] = AT_HAND;
  const isBeyond = ({ told }: Compared) =>
    told.components !== null &&
    sideOf(told) === null &&
    told.needed.seeds === null &&
    told.needed.tiles.every(({ tiles }) => tiles === null || tiles > most);
  const beyond = comparisonsOf(section).filter(isBeyond);
  if (beyond.length === 0) return null;
  const names = beyond.map(
    ({ label, told }) => `“${label}” against “${told.against}” (${points(distanceOf(told))})`,
  );
  return (
    `Too near to be told by ten seeds on ${whole(most)} tiles, the most that any set at hand has, or by a hundred seeds on the ` +
    `${whole(section.data.splits.test)} here: ${joinWords([...new Set(names)])}.`
  );
}

/** The 95 % interval of a row's accuracy, in words; null where the report has none. */
export function accuracyInterval({ lab }: ReportRow): string | null {
  return lab.interval ? `${points(lab.interval[0])} to ${points(lab.interval[1])}` : null;
}

const distanceOf = ({ target, bound }: Told): number => Math.abs(target.difference - bound);

function againstWords({ kind, against, bound }: Told): string {
  if (kind === 'collapses') return `half of ${against}`;
  return kind === 'keeps' ? `${against}, bound ${signed(bound)}` : against!;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${points(Math.abs(value))}`;

const numberOr = (value: number | null): string => (value === null ? '–' : whole(value));
