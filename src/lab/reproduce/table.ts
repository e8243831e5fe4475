/**
 * A table of the paper as data: which networks are made (recipes), and which row shows which of them beside what was
 * printed. Adding a table is adding a file like table2.ts and a line in tables.ts.
 */
import type { PenaltyId } from '../adapt/penalties/names';
import type { Recipe } from '../recipe/schema';
import type { Question } from './questions';
import type { Printed, Scale, TableName } from './report';

/** Data sets by the names under which `lab data fetch` and `lab data import` keep them. */
export const DATA_NAMES = ['eurosat', 'cifar10', 'rotated-mnist'] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** One recipe on one data set, run once per seed. Tables that share a run by its id share its work. */
export interface TableRun {
  readonly id: string;
  readonly data: DataName;
  readonly recipe: Recipe;
  /**
   * The run whose network of the stage this one begins with, seed by seed; its recipe then says `start`, with a fingerprint
   * that is filled in when that network is there.
   */
  readonly begins?: { readonly run: string; readonly stage: string };
}

/**
 * What the paper says of a row, in a form that figures can bear out or not (verdict.ts):
 *   reaches     its accuracy, on its data
 *   keeps       an accuracy that falls little against another row
 *   collapses   an accuracy that falls apart against another row
 *   above/below another row
 *   nearer      an R (adapt/penalties) that is smaller than another row's
 *   invariant   the same answers at all four turns
 *   turns       an accuracy that falls where tiles turn
 */
export type Claim =
  | { readonly kind: 'reaches' }
  | { readonly kind: 'invariant' }
  | { readonly kind: 'turns' }
  | { readonly kind: 'nearer'; readonly row: string; readonly of: PenaltyId }
  | { readonly kind: 'keeps'; readonly row: string }
  | { readonly kind: 'collapses'; readonly row: string }
  | {
      readonly kind: 'above' | 'below';
      readonly row: string;
      /** The small scale trains the two for different lengths: then only the paper's setting ranks them. */
      readonly uneven?: true;
    };

export interface TableRow {
  readonly id: string;
  readonly label: string;
  /** Id of a run, and the stage that left the row's network. */
  readonly run: string;
  readonly stage: string;
  readonly paper: Printed | null;
  readonly reference: Printed | null;
  readonly claims: readonly Claim[];
}

export interface TableSection {
  readonly id: string;
  readonly title: string;
  /** How the paper was read, and what to know before reading the rows. */
  readonly notes: readonly string[];
  readonly baseline: string;
  readonly rows: readonly TableRow[];
  /** Rows from the lowest accuracy to the highest, as the paper ranks them. */
  readonly ordering?: readonly string[];
  /** The run whose studies are shown cell by cell, and what is asked of them. */
  readonly study?: { readonly run: string; readonly questions: readonly Question[] };
}

export interface TableDefinition {
  readonly name: TableName;
  readonly title: string;
  runs(scale: Scale): readonly TableRun[];
  readonly sections: readonly TableSection[];
}

/** The name of the stage that tests the network a stage left; every row's recipe has one. */
export const testStage = (stage: string): string => `test of ${stage}`;
