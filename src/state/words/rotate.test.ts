import { expect, test } from 'vitest';
import type { AngleAnswer } from '../../lab/evaluate/turned';
import type { ClassMap } from '../../lab/scenes/cells';
import type { Look } from '../rotate/looking';
import { type Row, SWEEP } from '../rotate/sweep';
import {
  cellSentence,
  fieldSentence,
  mindSentence,
  partSentence,
  sceneSentence,
  steadySentence,
  strangeSentence,
} from './rotate';

const NBSP = '\u00a0';
const plain = (text: string) => text.replaceAll(NBSP, ' ');

const picture = {
  width: 200,
  height: 130,
  data: new Uint8Array(0),
  notes: [],
  ownRange: false,
  georeference: null,
};
const look = {
  nets: [{ problem: null, classes: ['Forest', 'River'] }, { problem: 'It is not here.' }],
  shown: { picture },
  size: 32,
} as unknown as Look;

const answer = (degrees: number, probability: number, undecided = false): AngleAnswer => ({
  degrees,
  probabilities: Float32Array.of(probability, 1 - probability),
  answer: probability >= 0.5 ? 0 : 1,
  undecided,
});

test('how steady a network is, is counted over right angles and over all', () => {
  const sweep = SWEEP.map((degrees): Row => [answer(degrees, degrees === 90 ? 0.25 : 0.75), null]);
  expect(plain(steadySentence(look, sweep, 0))).toBe(
    'Forest at 3 of 4 right angles, at 23 of all 24 angles; confidence in it 25 % to 75 %.',
  );
  expect(steadySentence(look, sweep, 1)).toBe('It is not here.');
  // A class keeps its name as it is.
  const small = { ...look, nets: [{ ...look.nets[0], classes: ['forest', 'River'] }] } as Look;
  expect(steadySentence(small, sweep, 0)).toMatch(/^forest at 3 of 4/);
  const some = sweep.map((row, i) => (i < 4 ? row : null));
  expect(plain(steadySentence(look, some, 0))).toBe(
    'Forest at 3 of 4 right angles; the angles between are being measured …',
  );
  expect(
    steadySentence(
      look,
      sweep.map((row, i) => (i === 2 ? null : row)),
      0,
    ),
  ).toBe('Being turned to the four right angles …');
  const close = SWEEP.map((degrees): Row => [answer(degrees, 0.5, degrees < 30), null]);
  expect(plain(steadySentence(look, close, 0))).toBe(
    'Forest (too close to call) at 4 of 4 right angles, at 24 of all 24 angles; confidence in it always 50 %. At 2 angles it was too close to call.',
  );
});

const map = (answers: number[], undecided: number[] = answers.map(() => 0)): ClassMap => ({
  classes: ['Forest', 'River'],
  grid: { columns: 2, rows: answers.length / 2, cell: 64, stride: 64, left: 0, top: 0 },
  answers: Uint8Array.from(answers),
  probabilities: Float32Array.from(answers, () => 0.875),
  undecided: Uint8Array.from(undecided),
  empty: new Uint8Array(answers.length),
});

test('cells that changed are counted among the decided ones', () => {
  const same = map([0, 1, 1, 0]);
  expect(plain(mindSentence([same, same, same, same]))).toBe(
    'The same map at all four turns: none of 4 cells changed.',
  );
  const other = map([1, 1, 0, 0], [0, 0, 1, 0]);
  expect(plain(mindSentence([same, same, other, same]))).toBe(
    'Changed its mind on 1 of 3 cells as the scene was turned. 1 cell is too close to call at some turn and not counted.',
  );
  expect(mindSentence([same, null, null, null])).toBe('1 of 4 turns mapped …');
  expect(plain(cellSentence(same, 2))).toBe('Column 1, row 2: River, 88 %');
  const hebrew = { ...same, classes: ['Forest', '\u05d9\u05e2\u05e8'] };
  expect(plain(cellSentence(hebrew, 2))).toBe('Column 1, row 2: \u2068\u05d9\u05e2\u05e8\u2069, 88 %');
});

test('a network that was trained on something else says so', () => {
  const net = (synthetic: boolean, classes: string[]) => ({
    trained: { dataset: 'EuroSAT', synthetic },
    classes,
  });
  const land = ['Forest', 'River'];
  const real = { synthetic: false, dataset: null };
  const digit = { synthetic: false, dataset: { id: 'mnist', title: 'MNIST', classes: ['0', '1'] } };
  expect(strangeSentence(net(false, land), real)).toBeNull();
  expect(strangeSentence(net(true, land), { synthetic: true, dataset: null })).toBeNull();
  expect(strangeSentence(net(true, land), real)).toMatch(/^Trained on synthetic tiles/);
  expect(strangeSentence(net(false, land), { ...real, synthetic: true })).toMatch(/^Trained on real tiles/);
  expect(strangeSentence(net(false, land), digit)).toMatch(
    /^Trained on other classes \(EuroSAT\): .+ trained on MNIST\.$/,
  );
  expect(strangeSentence(net(false, ['0', '1']), digit)).toBeNull();
  expect(strangeSentence({ ...net(false, land), trained: null }, digit)).toBeNull();
});

test('what of a picture is seen, and what a field’s difference means', () => {
  const part = (square: Look['square'], chosen: Look['part']) =>
    partSentence({ ...look, square, part: chosen });
  expect(part({ left: 3, top: 1, side: 64 }, 3)).toBe(
    'The 64×64 pixels from column 3, row 1, averaged to 32×32.',
  );
  expect(part({ left: 35, top: 0, side: 130 }, 'scale')).toBe(
    'The middle 130×130 of 200×130 pixels, averaged to 32×32.',
  );
  const at = { block: 0, field: 0, size: 8, upright: new Float32Array(0), turned: new Float32Array(0) };
  const maps = { ...at, back: new Float32Array(0), degrees: 90, order: 4, shift: 1, circle: false };
  const exact = { ...maps, difference: 2e-7, blockDifference: 3e-7 };
  expect(plain(fieldSentence(exact, { group: 'C4', kind: 'equivariant' }))).toContain(
    'this field turns in step',
  );
  const broken = { ...maps, order: 1, shift: 0, difference: 0.5, blockDifference: 0.6 };
  expect(fieldSentence(broken, { group: 'C1', kind: 'plain' })).toContain('do not turn with the tile');
  expect(fieldSentence(broken, { group: 'C2', kind: 'equivariant' })).toContain('C2 does not hold this turn');
});

test('what of a place could not be kept is said of its scene', () => {
  const place = {
    affine: [0, 1, 0, 0, 0, -1] as const,
    epsg: null,
    keys: { directory: [], doubles: [], ascii: '' },
  };
  const sentence = (some: object) =>
    sceneSentence({ picture: { ...picture, ...some }, brought: { name: 'a.tif' } } as unknown as Shown, CUT);
  const unkept = { placeNotes: ['its coordinate system has no EPSG code', 'it is far away'] };
  expect(sentence({ ...unkept, georeference: place })).toMatch(
    / It says where it lies, and so will a saved map\. Its coordinate system has no EPSG code\. It is far away\.$/,
  );
  expect(sentence({ placeNotes: ['it is placed by control points only'] })).toMatch(
    /\. It is placed by control points only\.$/,
  );
  expect(sentence({})).not.toContain('undefined');
});

const CUT = { cell: 64, overlap: 0 };
type Shown = Parameters<typeof sceneSentence>[0];
