/** On which tiles a network from elsewhere is pruned. */
import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { shakenModel, TINY_IMPORTED, tinyDataset } from '../../lab/testing/tiny';
import { keepDataset } from '../../storage/tiles';
import { cameIn, tilesWithItsClasses } from './tilesElsewhere';

vi.stubGlobal('navigator', {});
const model = { ...shakenModel(TINY_IMPORTED), provenance: { cameIn: { from: 'net.onnx', as: 'ONNX' } } };

test('those kept last with its classes, in their order; else it is said which are needed', async () => {
  expect(cameIn(model)).toBe(true);
  expect(cameIn(shakenModel(TINY_IMPORTED))).toBe(false);
  await expect(tilesWithItsClasses(model, 'net')).rejects.toThrow(
    /tells a, b, c apart.*Bring them under Data.*under Rotate it can be looked at/,
  );
  const tiles = tinyDataset(4);
  await keepDataset({ ...tiles, name: 'other', classes: ['b', 'a', 'c'] });
  await expect(tilesWithItsClasses(model, 'net')).rejects.toThrow(/this browser keeps none/);
  const { hash } = await keepDataset({ ...tiles, name: 'first' });
  expect(await tilesWithItsClasses(model, 'net')).toMatchObject({ ref: 'first', hash });
  const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
  await keepDataset({ ...tinyDataset(5), name: 'second' });
  later.mockRestore();
  expect((await tilesWithItsClasses(model, 'net')).ref).toBe('second');
});
