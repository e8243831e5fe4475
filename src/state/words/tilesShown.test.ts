import { expect, test } from 'vitest';
import { SYNTHETIC } from '../../storage/rows';
import { VIEWS } from '../page/view';
import { type TilesKnown, tilesShown } from './tilesShown';

const real = { id: 'eurosat', title: 'EuroSAT', synthetic: false };
const known: TilesKnown = {
  view: 'prune',
  opened: { title: 'Synthetic', synthetic: true, size: 32 },
  picture: { name: 'field.tif', synthetic: false, dataset: null },
  chosen: real.id,
  kept: [real],
};

test('the mark of synthetic tiles stands over those alone', () => {
  const marked = VIEWS.filter((view) => tilesShown({ ...known, view })?.synthetic);
  // What is on the bench is synthetic here, and what the tasks are about is made by code.
  expect(marked).toEqual(['prune', 'fields', 'tasks', 'learn']);
  expect(tilesShown({ ...known, view: 'rotate' })).toEqual({ title: 'field.tif', synthetic: false });
  expect(tilesShown({ ...known, view: 'rotate', picture: null })?.title).toBe('Synthetic, 32×32');
  const opened = { title: 'EuroSAT', synthetic: false, size: 64 };
  const painted = { ...known, opened, chosen: SYNTHETIC };
  const nowMarked = VIEWS.filter((view) => tilesShown({ ...painted, view })?.synthetic);
  expect(nowMarked).toEqual(['train', 'pipeline', 'adapt', 'tasks', 'data']);
});

test('a sample in Rotate is synthetic, a tile of a kept set is named by its set', () => {
  const picture = { name: 'River, synthetic', synthetic: true, dataset: null };
  expect(tilesShown({ ...known, view: 'rotate', picture })?.synthetic).toBe(true);
  const dataset = { id: 'eurosat', title: 'EuroSAT', classes: [] };
  const tile = { name: 'a.jpg', synthetic: false, dataset };
  expect(tilesShown({ ...known, view: 'rotate', picture: tile })?.title).toBe('EuroSAT');
  // Until the kept ones were read nothing is claimed of one.
  expect(tilesShown({ ...known, view: 'train', kept: null })).toBe(null);
});
