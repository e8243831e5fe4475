/**
 * Whether the paper's findings show in a row: its claims (table.ts) held against the figures. Claims, not digits: the
 * tiles are rarely the paper's. What each word means is printed with the report.
 */
import { points, share } from './format';
import type { Measured, ReportRow } from './report';
import type { Claim, TableRow } from './table';

/** The paper's own tolerance in fine-tuning (science §6). */
const TOLERANCE = 0.02;
const COLLAPSE = 0.5;
/** The 97.5 % point of the normal distribution. */
const Z = 1.96;
/** Rounding guard: 0.7 − 0.68 is not 0.02 in binary. */
const SLACK = 1e-9;

export const DEFINITIONS: readonly string[] = [
  `Reaches: accuracy within ${points(TOLERANCE)} points of the paper's. Only told where the tiles and the setting are the paper's.`,
  `Keeps: against the row named, accuracy falls by at most as much as in the paper and ${points(TOLERANCE)} points (its own tolerance in fine-tuning).`,
  `Collapses: less than ${share(COLLAPSE)} of the accuracy of the row named is left.`,
  'Above, below: more test tiles are gained than lost against the row named, or the reverse, by more than chance ' +
    '(McNemar, 95 %; the tiles of all seeds together). Between networks that the small scale trains for different ' +
    'lengths it is only told at the paper’s setting.',
  'Invariant: no decided test tile changes its answer at any of the four turns, in any seed. Undecided are tiles whose ' +
    'two largest logits lie within 10⁻⁴ of the range of all logits.',
  'Nearer: R, how far the network is from equivariant, is smaller than the named row’s in every seed.',
  'An order of rows is shown where each is above the one before it, refuted where one lies below it, and else undecided.',
  `Falls when turned: the mean accuracy over the four right angles lies below the upright one by more than ${points(TOLERANCE)} points.`,
  'A row reproduces where all its claims hold; it cannot be told where one cannot and none fails.',
];

/** A row and its figures, and how those it is held against did. */
export interface Evidence {
  readonly row: Pick<TableRow, 'paper' | 'claims'>;
  readonly lab: Measured;
  /** Whether data and setting are the paper's. */
  readonly asInPaper: boolean;
  other(id: string): {
    readonly label: string;
    readonly paper: TableRow['paper'];
    readonly lab: Measured;
    /** The row against this one on the same tiles. */
    readonly gained: number;
    readonly lost: number;
  };
}

interface Finding {
  readonly holds: boolean | null;
  readonly clause: string;
}

const OPENING = { true: 'Reproduces.', false: 'Does not reproduce.', null: 'Cannot be told here.' } as const;

/** All claims of a row in one verdict. */
export function verdictOn(evidence: Evidence): ReportRow['verdict'] {
  const findings = evidence.row.claims.map((claim) => findingOn(claim, evidence));
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

function findingOn(claim: Claim, evidence: Evidence): Finding {
  const { row, lab, asInPaper } = evidence;
  const accuracy = lab.accuracy.mean;
  if (claim.kind === 'invariant') {
    const worst = Math.min(...lab.agreement.values);
    const clause =
      worst === 1
        ? 'Every decided tile gets the same answer at all four turns.'
        : `Turning changes the answer of up to ${share(1 - worst)} of the decided tiles.`;
    return { holds: worst === 1, clause };
  }
  const printed = row.paper?.accuracy;
  if (claim.kind === 'turns') {
    const change = lab.rotated.mean - accuracy;
    const inPaper =
      printed === undefined || row.paper?.rotated === undefined
        ? 'not printed'
        : describeChange(row.paper.rotated - printed);
    return {
      holds: change < -TOLERANCE - SLACK,
      clause: `Over the four right angles its accuracy ${describeChange(change)} against upright (paper: ${inPaper}).`,
    };
  }
  if (claim.kind === 'reaches') {
    const here = `The accuracy is ${share(accuracy)}`;
    if (printed === undefined) return { holds: null, clause: `${here}; the paper prints none.` };
    if (!asInPaper)
      return {
        holds: null,
        clause: `${here}; the paper's ${share(printed)} is on other tiles or settings.`,
      };
    return {
      holds: Math.abs(accuracy - printed) <= TOLERANCE + SLACK,
      clause: `${here}, the paper's ${share(printed)}.`,
    };
  }
  const other = evidence.other(claim.row);
  if (claim.kind === 'nearer') return nearer(claim.of, lab, other);
  const theirs = other.lab.accuracy.mean;
  const change = accuracy - theirs;
  const printedOther = other.paper?.accuracy;
  const known = printed !== undefined && printedOther !== undefined;
  if (claim.kind === 'keeps') {
    const printedLoss = known ? printedOther - printed : 0;
    const allowed = Math.max(0, printedLoss) + TOLERANCE;
    return {
      holds: -change <= allowed + SLACK,
      clause:
        `Against “${other.label}” it ${describeChange(change)} (paper: ${known ? describeChange(-printedLoss) : 'not printed'}; ` +
        `a loss of up to ${points(allowed)} points counts as kept).`,
    };
  }
  if (claim.kind === 'collapses') {
    const left = theirs === 0 ? 1 : accuracy / theirs;
    const printedLeft = known ? share(printed / printedOther) : 'not printed';
    return {
      holds: left < COLLAPSE,
      clause:
        `${share(left)} of the accuracy of “${other.label}” is left (paper: ${printedLeft}; ` +
        `below ${share(COLLAPSE)} counts as a collapse).`,
    };
  }
  const { gained, lost } = other;
  const z = gained + lost === 0 ? 0 : (gained - lost) / Math.sqrt(gained + lost);
  const wanted = claim.kind === 'above' ? z : -z;
  const unranked = claim.uneven === true && !asInPaper;
  return {
    holds: Math.abs(z) < Z || unranked ? null : wanted > 0,
    clause:
      `Against “${other.label}” it ${describeChange(change)} (${gained} tiles gained, ${lost} lost` +
      `${Math.abs(z) < Z ? ', no more than chance' : ''}; paper: ${known ? describeChange(printed - printedOther) : 'not printed'}).` +
      (unranked ? ' At this scale the two are trained for different lengths, so this ranks nothing.' : ''),
  };
}

function nearer(
  of: keyof NonNullable<Measured['discrepancies']>,
  { discrepancies: here }: Measured,
  { label, lab: { discrepancies: there } }: ReturnType<Evidence['other']>,
): Finding {
  const [mine, theirs] = [here?.[of], there?.[of]];
  if (!mine || !theirs) return { holds: null, clause: `Of its ${of} there is no R to compare.` };
  return {
    holds: mine.values.every((value, i) => value < theirs.values[i]),
    clause: `R of the ${of} is ${mine.mean.toPrecision(3)}, against ${theirs.mean.toPrecision(3)} of “${label}”.`,
  };
}

/** How a row stands to another one: McNemar's z over the tiles of all seeds, and whether it is more than chance. */
export function standing(gained: number, lost: number): 'above' | 'below' | 'undecided' {
  const z = gained + lost === 0 ? 0 : (gained - lost) / Math.sqrt(gained + lost);
  return Math.abs(z) < Z ? 'undecided' : z > 0 ? 'above' : 'below';
}

function describeChange(change: number): string {
  if (points(Math.abs(change)) === points(0)) return 'stays the same';
  return `${change < 0 ? 'loses' : 'gains'} ${points(Math.abs(change))} points`;
}
