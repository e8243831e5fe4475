import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summariseFigure } from './measure';
import type { Measured, Printed, Told } from './report';
import type { Claim } from './table';
import { askedBy, type Evidence, verdictOn } from './verdict';

function lab(accuracies: number[], agreements = accuracies.map(() => 1)): Measured {
  const [accuracy, agreement] = [summariseFigure(accuracies), summariseFigure(agreements)];
  const cost = { params: 10, macs: 10, bytes: 40 };
  return {
    ...cost,
    ...{ accuracy, agreement, rotated: accuracy, undecided: 0, error: 0, seconds: accuracy, paired: null },
  };
}

const TILES = 400;

interface Case {
  readonly here: number;
  readonly there: number;
  readonly paper?: number;
  readonly paperThere?: number;
  /** Half of the width of the interval of what is asked. */
  readonly half?: number;
  /** p among the claims of the section; by default that of the interval. */
  readonly adjusted?: number;
  readonly seeds?: number;
  readonly agreements?: number[];
  readonly asInPaper?: boolean;
}

const printed = (accuracy: number | undefined): Printed | null =>
  accuracy === undefined ? null : { accuracy };

/** What is told of a claim whose interval is so wide. */
function toldOf(
  claim: Claim,
  { here, there, half = 0.001, adjusted, seeds = 3, ...more }: Case,
): Told | null {
  const asked = askedBy(claim, printed(more.paper), () => ({
    label: 'the other',
    paper: printed(more.paperThere),
  }));
  if (!asked) return null;
  const { bound, times } = asked;
  const difference = here - times * there;
  const p = Math.abs(difference - bound) > half ? 0.01 : 0.5;
  return {
    ...{ kind: asked.kind, against: asked.against, times, tiles: TILES, seeds, difference, bound, p },
    interval: [difference - half, difference + half],
    ...{ adjusted: adjusted ?? p, components: null, smallest: seeds < 2 ? null : 1.4 * half },
    ...{ target: { difference, from: 'here' }, needed: { seeds: null, tiles: [] } },
  };
}

function verdict(claims: readonly Claim[], each: Case) {
  const { here, there, paper, paperThere, ...more } = each;
  const evidence: Evidence = {
    row: { paper: printed(paper), claims },
    lab: lab([here, here], more.agreements),
    asInPaper: more.asInPaper ?? false,
    tiles: TILES,
    told: claims.map((claim) => toldOf(claim, each)),
    other: () => ({
      label: 'the other',
      paper: printed(paperThere),
      lab: lab([there, there]),
      ...{ gained: 30, lost: 10 },
    }),
  };
  return verdictOn(evidence);
}

const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const row = 'other';

const width = fc.double({ min: 0.001, max: 0.1, noNaN: true });
/** Where an interval lies: above a bound, below it, or on it. */
const sideOf = (value: number, half: number, bound: number) =>
  Math.abs(value - bound) < half ? null : value > bound;

describe('a claim is shown or refuted exactly where its whole interval says so', () => {
  test('keeps: no less than the paper’s loss and two points below', () => {
    fc.assert(
      fc.property(share, share, share, share, width, (here, there, paper, paperThere, half) => {
        const allowed = Math.max(0, paperThere - paper) + 0.02;
        fc.pre(Math.abs(Math.abs(there - here - allowed) - half) > 1e-6);
        const { reproduces, sentence } = verdict([{ kind: 'keeps', row }], {
          ...{ here, there, paper, paperThere, half },
        });
        expect(reproduces).toBe(sideOf(here - there, half, -allowed));
        if (reproduces === null)
          expect(sentence).toContain('too near to that bound for 400 tiles and 3 seeds');
        if (there - here > 0.001)
          expect(sentence).toContain(`it loses ${(100 * (there - here)).toFixed(1)} points`);
      }),
    );
  });

  test('collapses: less than half is left', () => {
    fc.assert(
      fc.property(share, share, width, (here, there, half) => {
        fc.pre(Math.abs(Math.abs(here - 0.5 * there) - half) > 1e-6);
        const { reproduces } = verdict([{ kind: 'collapses', row }], {
          ...{ here, there, half },
          ...{ paper: 0.1, paperThere: 0.97 },
        });
        const side = sideOf(here - 0.5 * there, half, 0);
        expect(reproduces).toBe(side === null ? null : !side);
      }),
    );
  });

  test('above and below are each other’s opposite, and neither is told from chance', () => {
    fc.assert(
      fc.property(share, share, width, (here, there, half) => {
        fc.pre(Math.abs(Math.abs(here - there) - half) > 1e-6);
        const of = (kind: 'above' | 'below') => verdict([{ kind, row }], { here, there, half }).reproduces;
        const side = sideOf(here - there, half, 0);
        expect(of('above')).toBe(side);
        expect(of('below')).toBe(side === null ? null : !side);
      }),
    );
  });

  test('one of many claims that only chance would make is not told', () => {
    const alone = verdict([{ kind: 'above', row }], { here: 0.6, there: 0.5, half: 0.05 });
    const among = verdict([{ kind: 'above', row }], { here: 0.6, there: 0.5, half: 0.05, adjusted: 0.08 });
    expect([alone.reproduces, among.reproduces]).toEqual([true, null]);
    expect(among.sentence).toContain('p = 0.010, among the claims of this section 0.080');
  });

  test('one seed tells of its networks alone', () => {
    for (const claim of [
      { kind: 'above', row },
      { kind: 'keeps', row },
      { kind: 'collapses', row },
    ] as const) {
      const { reproduces, sentence } = verdict([claim], { here: 0.9, there: 0.1, seeds: 1 });
      expect(reproduces).toBe(null);
      expect(sentence).toContain('One seed tells of these networks, not of their kinds.');
    }
  });

  test('above, where the small scale trains unevenly: only told in the paper’s setting', () => {
    const of = (here: number, asInPaper: boolean) =>
      verdict([{ kind: 'above', row, uneven: true }], { here, there: 0.5, asInPaper });
    expect(of(0.6, true).reproduces).toBe(true);
    expect(of(0.4, true).reproduces).toBe(false);
    for (const here of [0.4, 0.6]) {
      expect(of(here, false).reproduces).toBe(null);
      expect(of(here, false).sentence).toContain('ranks nothing');
    }
  });

  test('invariant: every seed, not their mean', () => {
    const of = (agreements: number[]) =>
      verdict([{ kind: 'invariant' }], { here: 0.5, there: 0.5, agreements });
    expect(of([1, 1])).toEqual({
      reproduces: true,
      sentence:
        'Reproduces. Every decided tile gets the same answer at all four turns; of such tiles at most 0.75\u00a0% may not (95 %).',
    });
    expect(of([1, 0.995]).reproduces).toBe(false);
    expect(of([1, 0.75]).sentence).toContain('up to 25.0');
  });

  test('invariant: of a hundred tiles it cannot be told, of two hundred it can', () => {
    const of = (tiles: number) =>
      verdictOn({
        ...{ row: { paper: null, claims: [{ kind: 'invariant' }] }, lab: lab([0.5]), tiles, told: [null] },
        asInPaper: false,
        other: () => {
          throw new Error('needs no other row');
        },
      }).reproduces;
    expect([of(100), of(200)]).toEqual([null, true]);
  });

  test('falls when turned: the mean over the right angles lies more than two points below, in seeds and tiles', () => {
    const of = (falls: number[], agreement: number) =>
      verdictOn({
        row: { paper: { accuracy: 0.87, rotated: 0.5 }, claims: [{ kind: 'turns' }] },
        lab: {
          ...lab(
            falls.map(() => 0.8),
            falls.map(() => agreement),
          ),
          rotated: summariseFigure(falls.map((fall) => 0.8 - fall)),
        },
        ...{ asInPaper: false, tiles: TILES, told: [null] },
        other: () => {
          throw new Error('needs no other row');
        },
      });
    expect(of([0.2, 0.21, 0.19], 0.7).reproduces).toBe(true);
    expect(of([0.2], 0.7).reproduces).toBe(null);
    // Seeds that differ, and few tiles, leave it open; tiles of which none changes its answer do not.
    expect(of([0.2, 0.01, 0.03], 0.7).reproduces).toBe(null);
    expect(of([0.05, 0.05, 0.05], 0.3).reproduces).toBe(null);
    expect(of([0, 0, 0], 1).reproduces).toBe(false);
    expect(of([0.2, 0.21, 0.19], 0.7).sentence).toContain('(paper: loses 37.0 points)');
  });

  test('reaches: only told on the paper’s own tiles', () => {
    const of = (here: number, asInPaper: boolean) =>
      verdict([{ kind: 'reaches' }], { here, there: 1, paper: 0.97, asInPaper }).reproduces;
    expect([of(0.96, true), of(0.9, true), of(0.96, false), of(0.1, false), of(0.9501, true)]).toEqual([
      ...[true, false],
      ...[null, null, null],
    ]);
  });
});

test('several claims: one that fails outweighs all, one that cannot be told outweighs those that hold', () => {
  const [holds, fails, open]: Claim[] = [{ kind: 'invariant' }, { kind: 'keeps', row }, { kind: 'reaches' }];
  const figures = { here: 0.5, there: 0.9, paper: 0.97, paperThere: 0.97 };
  expect(verdict([holds], figures).reproduces).toBe(true);
  expect(verdict([holds, open], figures).reproduces).toBe(null);
  expect(verdict([holds, open, fails], figures).reproduces).toBe(false);
  expect(verdict([holds, open], figures).sentence).toMatch(/^Cannot be told here\./);
  expect(verdict([], figures)).toEqual({
    reproduces: null,
    sentence: expect.stringMatching(/no claim of its own/),
  });
  expect(verdict([], { here: 0.5, there: 0.9 }).sentence).toBe('The paper says nothing of this row.');
});
