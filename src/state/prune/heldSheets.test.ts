import { beforeEach, expect, test } from 'vitest';
import type { Sheet } from '../../lab/prune/neurons/sheet';
import { handSheet } from '../../lab/testing/sheets';
import type { Way } from '../../worker/protocol/choices';
import { beginWith, changeWay, DEFAULT_SETTING, settle, undo, useExperiment } from './experiment';
import { forgetSheets, putSheet, turnSheets } from './heldSheets';
import { measuredCurve, useSheets } from './sheets';
import { DEFAULT_WAY } from './way';

const { sheet, curve } = handSheet([0.1, 0.5, 0.7, 0.8, 0.9]);
const HEADS: Way = { unit: 'heads', ranking: 'block' };
const all = [curve, { ...curve, method: 'variance' as const }];
const sheetOf = (way: Way, curves = all): Sheet => ({ ...sheet, ...way, curves });
const shown = () => useSheets.getState().main;
const turn = (step: () => void) => {
  step();
  turnSheets(useExperiment.getState().way);
};

beforeEach(() => {
  forgetSheets();
  beginWith({ ...DEFAULT_SETTING, method: curve.method, compensation: curve.compensation }, DEFAULT_WAY);
  putSheet('main', sheetOf(DEFAULT_WAY));
});

test('who comes back to other units has their curves at once', () => {
  settle({ method: 'variance' });
  turn(() => changeWay(HEADS));
  // Until theirs arrive, those of before stay.
  expect(shown()).toMatchObject(DEFAULT_WAY);
  expect(putSheet('main', sheetOf(HEADS, [all[1]]))).toBe(true);
  expect(shown()).toMatchObject(HEADS);
  turn(undo);
  expect(shown()).toEqual(sheetOf(DEFAULT_WAY));
  // What is still measured of the others is held, and not shown.
  expect(putSheet('main', sheetOf(HEADS))).toBe(false);
  expect(shown()).toMatchObject(DEFAULT_WAY);
  turn(() => changeWay(HEADS));
  expect(shown()).toEqual(sheetOf(HEADS));
});

test('a curve that is not there is never shown', () => {
  putSheet('main', { ...sheetOf(HEADS, [all[1]]) });
  // The chosen one is not among those held of the heads.
  turn(() => changeWay(HEADS));
  expect(shown()).toMatchObject(DEFAULT_WAY);
  putSheet('main', sheetOf(HEADS));
  turn(() => changeWay(DEFAULT_WAY));
  forgetSheets();
  putSheet('main', sheetOf(DEFAULT_WAY, [all[1]]));
  settle({ method: 'variance' });
  turn(() => settle({ method: curve.method }, HEADS));
  expect(shown()).toBeNull();
  putSheet('main', sheetOf(HEADS));
  expect(measuredCurve(shown()!, curve.method, curve.compensation)).toBeDefined();
});

test('after a restart fewer tiles, or fewer curves, are a step back', () => {
  expect(putSheet('main', { ...sheetOf(DEFAULT_WAY), tiles: sheet.tiles - 1 })).toBe(false);
  expect(putSheet('main', sheetOf(DEFAULT_WAY, [curve]))).toBe(false);
  expect(shown()).toEqual(sheetOf(DEFAULT_WAY));
});
