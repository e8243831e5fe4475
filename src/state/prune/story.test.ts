import { expect, test } from 'vitest';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../../lab/data/split/splits';
import { gradualSynthetic } from '../../lab/data/synthetic/gradual';
import { decide } from '../../lab/evaluate/decide';
import { turnedLogits } from '../../lab/evaluate/quarterTurns';
import { decodeModel } from '../../lab/files/modelFile';
import { firstTiles } from '../../lab/prune/neurons/growingStudy';
import { finish } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { STORY_TILE, STORY_TURN } from './story';

test('the opening is told on a tile, among the first that are run, on which the plain network beside the page clearly changes its mind, and the equivariant one does not', async () => {
  const platform = testPlatform();
  await platform.start('wasm');
  const { models, pairs } = JSON.parse(
    new TextDecoder().decode(await platform.readPublic('models/index.json')),
  );
  const [pair] = pairs;
  const { dataset, paint } = gradualSynthetic({ ...pair, seed: pair.datasetSeed });
  const { tile, label, index } = STORY_TILE;
  expect(tile).toBe(label * pair.perClass + index);
  const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, pair.splitSeed);
  expect([...firstTiles(dataset, splits, 32).subarray(0, 32)]).toContain(tile);
  await finish(paint([tile]));
  const answers = async (id: string) => {
    const { file } = models.find((model: { id: string }) => model.id === id);
    const model = decodeModel(await platform.readPublic(`models/${file}`), id);
    const logits = await finish(turnedLogits(model, dataset, Uint32Array.of(tile)));
    const decided = logits.map((each) => decide(each, model.arch.classes));
    expect(decided.map(({ undecided }) => undecided[0])).toEqual([0, 0, 0, 0]);
    return decided.map(({ answers }) => answers[0]);
  };
  expect(await answers(pair.equivariant)).toEqual([label, label, label, label]);
  const plain = await answers(pair.plain);
  expect(plain[0]).toBe(label);
  expect(plain[STORY_TURN]).not.toBe(label);
});
