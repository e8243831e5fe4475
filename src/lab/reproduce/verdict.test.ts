import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summariseFigure } from './measure';
import type { Measured, Printed } from './report';
import type { Claim } from './table';
import { type Evidence, verdictOn } from './verdict';

function lab(accuracies: number[], agreements = accuracies.map(() => 1)): Measured {
  const [accuracy, agreement] = [summariseFigure(accuracies), summariseFigure(agreements)];
  const cost = { params: 10, macs: 10, bytes: 40 };
  return {
    ...cost,
    ...{ accuracy, agreement, rotated: accuracy, undecided: 0, error: 0, seconds: accuracy, paired: null },
  };
}

interface Case {
  readonly here: number;
  readonly there: number;
  readonly paper?: number;
  readonly paperThere?: number;
  readonly gained?: number;
  readonly lost?: number;
  readonly agreements?: number[];
  readonly asInPaper?: boolean;
}

const printed = (accuracy: number | undefined): Printed | null =>
  accuracy === undefined ? null : { accuracy };

function verdict(claims: readonly Claim[], { here, there, paper, paperThere, ...more }: Case) {
  const evidence: Evidence = {
    row: { paper: printed(paper), claims },
    lab: lab([here, here], more.agreements),
    asInPaper: more.asInPaper ?? false,
    other: () => ({
      label: 'the other',
      paper: printed(paperThere),
      lab: lab([there, there]),
      gained: more.gained ?? 0,
      lost: more.lost ?? 0,
    }),
  };
  return verdictOn(evidence);
}

const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const row = 'other';

describe('a claim holds exactly where its figures do', () => {
  test('keeps: the loss is at most the paper’s and two points', () => {
    fc.assert(
      fc.property(share, share, share, share, (here, there, paper, paperThere) => {
        const { reproduces, sentence } = verdict([{ kind: 'keeps', row }], {
          here,
          there,
          paper,
          paperThere,
        });
        const allowed = Math.max(0, paperThere - paper) + 0.02;
        fc.pre(Math.abs(there - here - allowed) > 1e-6);
        expect(reproduces).toBe(there - here <= allowed);
        expect(sentence.startsWith(reproduces ? 'Reproduces.' : 'Does not reproduce.')).toBe(true);
        if (there - here > 0.001)
          expect(sentence).toContain(`it loses ${(100 * (there - here)).toFixed(1)} points`);
      }),
    );
  });

  test('collapses: less than half is left', () => {
    fc.assert(
      fc.property(share, share, (here, there) => {
        fc.pre(Math.abs(here / there - 0.5) > 1e-6);
        const { reproduces } = verdict([{ kind: 'collapses', row }], {
          ...{ here, there },
          ...{ paper: 0.1, paperThere: 0.97 },
        });
        expect(reproduces).toBe(here < 0.5 * there);
      }),
    );
  });

  test('above and below are each other’s opposite, and neither is told from chance', () => {
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, count, (gained, lost) => {
        const of = (kind: 'above' | 'below') =>
          verdict([{ kind, row }], { here: 0.6, there: 0.5, gained, lost }).reproduces;
        const chance = (gained - lost) ** 2 < 1.96 ** 2 * (gained + lost) || gained + lost === 0;
        expect(of('above')).toBe(chance ? null : gained > lost);
        expect(of('below')).toBe(chance ? null : lost > gained);
      }),
    );
  });

  test('above, where the small scale trains unevenly: only told in the paper’s setting', () => {
    const of = (gained: number, asInPaper: boolean) =>
      verdict([{ kind: 'above', row, uneven: true }], {
        ...{ here: 0.6, there: 0.5, gained, lost: 100, asInPaper },
      });
    expect(of(300, true).reproduces).toBe(true);
    expect(of(10, true).reproduces).toBe(false);
    for (const gained of [10, 300]) {
      expect(of(gained, false).reproduces).toBe(null);
      expect(of(gained, false).sentence).toContain(`${gained} tiles gained, 100 lost`);
      expect(of(gained, false).sentence).toContain('ranks nothing');
    }
  });

  test('invariant: every seed, not their mean', () => {
    const of = (agreements: number[]) =>
      verdict([{ kind: 'invariant' }], { here: 0.5, there: 0.5, agreements });
    expect(of([1, 1])).toEqual({
      reproduces: true,
      sentence: 'Reproduces. Every decided tile gets the same answer at all four turns.',
    });
    expect(of([1, 0.995]).reproduces).toBe(false);
    expect(of([1, 0.75]).sentence).toContain('up to 25.0');
  });

  test('falls when turned: the mean over the right angles lies more than two points below', () => {
    fc.assert(
      fc.property(share, share, (accuracy, turned) => {
        fc.pre(Math.abs(accuracy - turned - 0.02) > 1e-6);
        const { reproduces, sentence } = verdictOn({
          row: { paper: { accuracy: 0.87, rotated: 0.5 }, claims: [{ kind: 'turns' }] },
          lab: { ...lab([accuracy]), rotated: summariseFigure([turned]) },
          asInPaper: false,
          other: () => {
            throw new Error('needs no other row');
          },
        });
        expect(reproduces).toBe(turned < accuracy - 0.02);
        expect(sentence).toContain('(paper: loses 37.0 points)');
      }),
    );
  });

  test('reaches: only told on the paper’s own tiles', () => {
    const of = (here: number, asInPaper: boolean) =>
      verdict([{ kind: 'reaches' }], { here, there: 1, paper: 0.97, asInPaper }).reproduces;
    expect([of(0.96, true), of(0.9, true), of(0.96, false), of(0.1, false)]).toEqual([
      true,
      false,
      null,
      null,
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
