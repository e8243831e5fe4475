/**
 * Whether the paper's findings show in a row: its claims (table.ts) held against the figures. Claims, not digits: the
 * tiles are rarely the paper's. What each word means is printed with the report.
 */
import { log } from '../elementary';
import { studentTails } from '../statistics/distributions';
import { shareAtMost } from '../statistics/exact';
import { points, share, whole } from './format';
import type { Figure, Measured, ReportRow, Told } from './report';
import type { Claim, TableRow } from './table';
import { type Asked, sideOf } from './told';

/** The paper's own tolerance in fine-tuning (science §6). */
const TOLERANCE = 0.02;
const COLLAPSE = 0.5;
/** From here on a difference is more than chance. */
const RISK = 0.05;

export const DEFINITIONS: readonly string[] = [
  'Every claim is shown, refuted, or cannot be told from what there is. What is told of accuracies is told by intervals of ' +
    '95 % for other tiles and other seeds: both are random and crossed, with the degrees of freedom of Hillis 2007, since the same ' +
    'tile comes back with every seed and a seed moves all tiles at once. The training tiles are those of one split. One seed ' +
    'tells of its networks and not of their kinds; two tell large differences alone.',
  'p is two-sided against the bound of the claim; of the claims of one section those are told that Holm’s adjustment leaves ' +
    'below 5 %. Intervals are not adjusted.',
  `Reaches: the interval of the accuracy lies within ${points(TOLERANCE)} points of the paper’s; refuted where it lies outside. Only told where the tiles and the setting are the paper's.`,
  `Keeps: against the row named, accuracy falls by at most as much as in the paper and ${points(TOLERANCE)} points (its own tolerance in fine-tuning): the whole interval does (non-inferiority); refuted where none of it does.`,
  `Collapses: less than ${share(COLLAPSE)} of the accuracy of the row named is left, by the interval of accuracy − ${COLLAPSE} · accuracy of that row.`,
  'Above, below: the interval of the difference lies above or below 0. Between networks that the small scale trains for ' +
    'different lengths it is only told at the paper’s setting.',
  'Invariant: no decided test tile changes its answer at any of the four turns, in any seed, of so many that at most ' +
    `${points(TOLERANCE)} % of such tiles may (95 %, Clopper and Pearson); refuted by one that does. Undecided are tiles whose ` +
    'two largest logits lie within 10⁻⁴ of the range of all logits.',
  'Nearer: R, how far the network is from equivariant, is smaller than the named row’s: paired t-test over seeds of its ' +
    'logarithm, 95 %.',
  'An order of rows is shown where each is above the one before it, refuted where one lies below it (Holm), and else undecided.',
  `Falls when turned: the mean accuracy over the four right angles lies below the upright one by more than ${points(TOLERANCE)} points, ` +
    'by an interval over seeds and, with a bound on how much they may vary, tiles.',
  'To tell: a comparison as this one finds what is there in 80 % of all cases. What varies was estimated from the seeds ' +
    'there are, roughly where they are few.',
  'A row reproduces where all its claims hold; it cannot be told where one cannot and none fails.',
];

/** A row and its figures, and how those it is held against did. */
export interface Evidence {
  readonly row: Pick<TableRow, 'paper' | 'claims'>;
  readonly lab: Measured;
  /** Test tiles of each seed. */
  readonly tiles: number;
  /** Whether data and setting are the paper's. */
  readonly asInPaper: boolean;
  /** What is told of each claim; null of one that is told otherwise. */
  readonly told: readonly (Told | null)[];
  other(id: string): {
    readonly label: string;
    readonly paper: TableRow['paper'];
    readonly lab: Measured;
    /** The row against this one on the same tiles. */
    readonly gained: number;
    readonly lost: number;
  };
}

/**
 * What a claim asks of the answers, undefined where it asks nothing of them. other: the row that it names.
 */
export function askedBy(
  claim: Claim,
  paper: TableRow['paper'],
  other: (id: string) => { readonly label: string; readonly paper: TableRow['paper'] },
): Asked | undefined {
  const printed = paper?.accuracy;
  if (claim.kind === 'reaches')
    return printed === undefined ? undefined : { kind: 'reaches', against: null, times: 0, bound: printed };
  if (claim.kind === 'invariant' || claim.kind === 'turns' || claim.kind === 'nearer') return undefined;
  const there = other(claim.row);
  const theirs = there.paper?.accuracy;
  const times = claim.kind === 'collapses' ? COLLAPSE : 1;
  const known = printed !== undefined && theirs !== undefined;
  return {
    ...{ kind: claim.kind, against: there.label, times },
    bound: claim.kind === 'keeps' ? -allowedBy(known ? theirs - printed : 0) : 0,
    printed: known ? printed - times * theirs : undefined,
  };
}

const allowedBy = (printedLoss: number): number => Math.max(0, printedLoss) + TOLERANCE;

interface Finding {
  readonly holds: boolean | null;
  readonly clause: string;
}

const OPENING = { true: 'Reproduces.', false: 'Does not reproduce.', null: 'Cannot be told here.' } as const;

/** All claims of a row in one verdict. */
export function verdictOn(evidence: Evidence): ReportRow['verdict'] {
  const findings = evidence.row.claims.map((claim, i) => findingOn(claim, evidence, evidence.told[i]));
  if (findings.length === 0) {
    const sentence = evidence.row.paper
      ? 'The paper’s figure stands beside it; no claim of its own is held against it.'
      : 'The paper says nothing of this row.';
    return { reproduces: null, sentence };
  }
  const held = findings.map(({ holds }) => holds);
  const reproduces = held.includes(false) ? false : held.includes(null) ? null : true;
  const clauses = findings.map(({ clause }) => clause).join(' ');
  return { reproduces, sentence: `${OPENING[`${reproduces}`]} ${clauses}` };
}

function findingOn(claim: Claim, evidence: Evidence, told: Told | null): Finding {
  const { row, lab, asInPaper } = evidence;
  const accuracy = lab.accuracy.mean;
  if (claim.kind === 'invariant') return invariant(evidence);
  const printed = row.paper?.accuracy;
  if (claim.kind === 'turns') return turns(evidence);
  if (claim.kind === 'reaches') {
    const here = `The accuracy is ${share(accuracy)}`;
    if (printed === undefined || !told) return { holds: null, clause: `${here}; the paper prints none.` };
    if (!asInPaper)
      return {
        holds: null,
        clause: `${here}; the paper's ${share(printed)} is on other tiles or settings.`,
      };
    const [low, high] = told.interval;
    const [least, most] = [printed - TOLERANCE, printed + TOLERANCE];
    const holds =
      told.seeds < 2 ? null : low >= least && high <= most ? true : high < least || low > most ? false : null;
    return {
      holds,
      clause: `${here} (95 % interval ${between(told.interval)}), the paper's ${share(printed)}.${tooLittle(holds, told)}`,
    };
  }
  const other = evidence.other(claim.row);
  if (claim.kind === 'nearer') return nearer(claim.of, lab, other);
  if (!told) throw new Error('The claim was not told.');
  const theirs = other.lab.accuracy.mean;
  const change = accuracy - theirs;
  const printedOther = other.paper?.accuracy;
  const known = printed !== undefined && printedOther !== undefined;
  const side = sideOf(told);
  if (claim.kind === 'keeps') {
    const holds = side === null ? null : side === 'above';
    return {
      holds,
      clause:
        `Against “${other.label}” it ${describeChange(change)} (95 % interval ${signedBetween(told.interval)}; paper: ` +
        `${known ? describeChange(printed - printedOther) : 'not printed'}; a loss of up to ${points(-told.bound)} points counts as kept).` +
        tooLittle(holds, told),
    };
  }
  if (claim.kind === 'collapses') {
    const left = theirs === 0 ? 1 : accuracy / theirs;
    const printedLeft = known ? share(printed / printedOther) : 'not printed';
    const holds = side === null ? null : side === 'below';
    return {
      holds,
      clause:
        `${share(left)} of the accuracy of “${other.label}” is left (paper: ${printedLeft}; ` +
        `below ${share(COLLAPSE)} counts as a collapse).${tooLittle(holds, told)}`,
    };
  }
  const unranked = claim.uneven === true && !asInPaper;
  const holds = side === null || unranked ? null : side === claim.kind;
  return {
    holds,
    clause:
      `Against “${other.label}” it ${describeChange(change)} (95 % interval ${signedBetween(told.interval)}, ${pWords(told)}; ` +
      `${whole(other.gained)} tiles gained, ${whole(other.lost)} lost; paper: ${known ? describeChange(printed - printedOther) : 'not printed'}).` +
      (unranked
        ? ' At this scale the two are trained for different lengths, so this ranks nothing.'
        : tooLittle(holds, told)),
  };
}

/** p alone, and among the claims of the section where that says something else. */
export function pWords({ p, adjusted }: Told): string {
  const alone = `p ${p < 0.001 ? '< 0.001' : `= ${p.toPrecision(2)}`}`;
  const isTurned = adjusted !== null && p < RISK && adjusted >= RISK;
  return isTurned ? `${alone}, among the claims of this section ${adjusted.toPrecision(2)}` : alone;
}

/** Why it is not told, in a sentence with a space before it; nothing where it is. */
function tooLittle(holds: boolean | null, told: Told): string {
  if (holds !== null) return '';
  if (told.smallest === null) return ' One seed tells of these networks, not of their kinds.';
  const from =
    { keeps: 'that bound', collapses: 'a half', reaches: 'its bounds' }[told.kind as string] ?? 'none at all';
  return ` That is too near to ${from} for ${whole(told.tiles)} tiles and ${told.seeds} seeds, which tell ${points(told.smallest)} points.`;
}

/** A tile of all seeds is one tile: seeds that agree on it are no more tiles. */
function invariant({ lab, tiles }: Evidence): Finding {
  const worst = Math.min(...lab.agreement.values);
  if (worst < 1)
    return {
      holds: false,
      clause: `Turning changes the answer of up to ${share(1 - worst)} of the decided tiles.`,
    };
  const most = shareAtMost(0, Math.max(0, tiles - lab.undecided));
  return {
    holds: most <= TOLERANCE ? true : null,
    clause:
      `Every decided tile gets the same answer at all four turns; of such tiles at most ${Number((100 * most).toPrecision(2))}\u00a0% may not (95 %)` +
      `${most <= TOLERANCE ? '' : `, and ${points(TOLERANCE)} would be few enough`}.`,
  };
}

/**
 * Answers at the turns are not kept tile by tile. But only tiles that change their answer, or are undecided, can change
 * whether they are right, each by three of four turns at most: that bounds what tiles vary by.
 */
function turns({ row, lab, tiles }: Evidence): Finding {
  const changes = lab.rotated.values.map((value, seed) => value - lab.accuracy.values[seed]);
  const change = lab.rotated.mean - lab.accuracy.mean;
  const printed = row.paper?.accuracy;
  const inPaper =
    printed === undefined || row.paper?.rotated === undefined
      ? 'not printed'
      : describeChange(row.paper.rotated - printed);
  const movable = 1 - lab.agreement.mean + lab.undecided / (tiles * changes.length);
  const ofTiles = (Math.min(1, movable) * (9 / 16)) / tiles;
  const p = pOfSeeds(
    changes.map((value) => value + TOLERANCE),
    ofTiles,
  );
  const isOpen = p === null || p >= RISK;
  return {
    holds: isOpen ? null : change < -TOLERANCE,
    clause: `Over the four right angles its accuracy ${describeChange(change)} against upright (paper: ${inPaper})${isOpen ? `; whether by more than ${points(TOLERANCE)} points is not told` : ''}.`,
  };
}

/**
 * Paired t-test of values, one for each seed, against 0, two-sided; null of one seed. beside: variance of their mean that
 * other tiles would add, known without error (degrees of freedom by Satterthwaite).
 */
function pOfSeeds(values: readonly number[], beside = 0): number | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const ofSeeds = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1) / n;
  const variance = ofSeeds + beside;
  if (variance === 0) return mean === 0 ? 1 : 0;
  const freedom = ofSeeds === 0 ? Number.POSITIVE_INFINITY : (n - 1) * (variance / ofSeeds) ** 2;
  return studentTails(mean / Math.sqrt(variance), freedom);
}

function nearer(
  of: keyof NonNullable<Measured['discrepancies']>,
  { discrepancies: here }: Measured,
  { label, lab: { discrepancies: there } }: ReturnType<Evidence['other']>,
): Finding {
  const [mine, theirs] = [here?.[of], there?.[of]];
  if (!mine || !theirs) return { holds: null, clause: `Of its ${of} there is no R to compare.` };
  const p = pOfSeeds(ratios(mine, theirs));
  return {
    holds: p === null || p >= RISK ? null : mine.mean < theirs.mean,
    clause:
      `R of the ${of} is ${mine.mean.toPrecision(3)}, against ${theirs.mean.toPrecision(3)} of “${label}”` +
      `${p === null ? '; one seed tells nothing of the kind' : p >= RISK ? `; p = ${p.toPrecision(2)} over ${mine.values.length} seeds` : ''}.`,
  };
}

/** ln of how many times larger, seed by seed; the differences where one is nothing at all. */
function ratios(mine: Figure, theirs: Figure): number[] {
  const isPositive = [...mine.values, ...theirs.values].every((value) => value > 0);
  return mine.values.map((value, i) =>
    isPositive ? log(value) - log(theirs.values[i]) : value - theirs.values[i],
  );
}

/** "61.0 to 68.2 %". */
const between = ([low, high]: readonly [number, number]): string => `${points(low)} to ${share(high)}`;

/** "−1.2 to +3.4". */
export const signedBetween = ([low, high]: readonly [number, number]): string =>
  [low, high].map((value) => `${value < 0 ? '−' : '+'}${points(Math.abs(value))}`).join(' to ');

function describeChange(change: number): string {
  if (points(Math.abs(change)) === points(0)) return 'stays the same';
  return `${change < 0 ? 'loses' : 'gains'} ${points(Math.abs(change))} points`;
}
