import { expect, test } from 'vitest';
import { newCanvas, PIXELS, SIDE } from '../data/synthetic/canvas';
import { randomStream } from '../data/synthetic/random';
import { uploadParams } from '../nn/live';
import { uniform } from '../random';
import * as tf from '../runtime/tf';
import { symmetryOf } from '../spatial/action';
import { type SpatialArch, startSpatial } from '../spatial/arch';
import { answersOf } from '../spatial/measure';
import { openSpatial } from '../spatial/network';
import { mapProblem } from '../spatial/problem';
import { finish } from '../stage/events';
import { GROUPS } from '../symmetry/group';
import { turnMaps } from '../symmetry/kinds';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { fit } from '../train/fit';
import { type Detection, overlap, turnBox } from './boxes';
import { BEFORE_CLASSES, CELL, cellKinds, cellTargets, detectionsIn, withoutRepeats } from './cells';
import { precisionOn, sceneExamples, sceneLoss, scenePictures } from './learning';
import { anyThing, makeScene, makeScenes, SCENE_SIDE, THINGS } from './scenes';

const CLASSES = THINGS.length;
const kinds = cellKinds(CLASSES);

/** What the cells say, as sure as can be. */
function saying(target: Float32Array): Float32Array {
  return target.map((value, i) => {
    const part = i % (BEFORE_CLASSES + CLASSES);
    return part === 0 || part >= BEFORE_CLASSES ? 20 * (value - 0.5) : value;
  });
}

test('scenes are their numbers’, and their things lie inside, apart, each in a cell of its own', () => {
  for (let number = 0; number < 30; number++) {
    const { pixels, things } = makeScene('open', 3, number);
    expect(makeScene('open', 3, number)).toEqual({ pixels, things });
    const target = cellTargets(things, SCENE_SIDE, CLASSES);
    const occupied = target.filter((value, i) => i % (BEFORE_CLASSES + CLASSES) === 0 && value === 1);
    expect(occupied).toHaveLength(things.length);
    for (const [i, { box }] of things.entries()) {
      expect(Math.min(box.left, box.top, SIDE - box.right, SIDE - box.bottom)).toBeGreaterThanOrEqual(1);
      for (const other of things.slice(i + 1)) expect(overlap(box, other.box)).toBe(0);
    }
  }
  const counts = Array.from({ length: 60 }, (_, i) => makeScene('other', 1, i).things.length);
  expect(Math.min(...counts)).toBe(0);
  expect(Math.max(...counts)).toBe(4);
});

test('a box is that of what is painted, without its shadow', () => {
  const random = randomStream('boxes');
  for (let i = 0; i < 40; i++) {
    const { truth, paint } = anyThing(random);
    // On black, shadows do not show.
    const canvas = newCanvas();
    paint(canvas);
    const seen = { left: SIDE, top: SIDE, right: 0, bottom: 0 };
    for (let p = 0; p < PIXELS; p++) {
      if (canvas[3 * p] < 20) continue;
      const [x, y] = [p % SIDE, Math.floor(p / SIDE)];
      seen.left = Math.min(seen.left, x);
      seen.right = Math.max(seen.right, x + 1);
      seen.top = Math.min(seen.top, y);
      seen.bottom = Math.max(seen.bottom, y + 1);
    }
    for (const side of ['left', 'top', 'right', 'bottom'] as const) {
      const edge = Math.min(SIDE, Math.max(0, truth.box[side]));
      expect(Math.abs(seen[side] - edge), `${THINGS[truth.label]} ${side}`).toBeLessThan(1.6);
    }
  }
});

test('what the cells should say gives the boxes back, and turned cells the turned boxes', () => {
  for (let number = 0; number < 12; number++) {
    const { things } = makeScene('open', 5, number);
    const target = cellTargets(things, SCENE_SIDE, CLASSES);
    for (const g of GROUPS.D4.elements) {
      const there = things.map(({ box, label }) => ({ label, box: turnBox(box, SCENE_SIDE, g) }));
      const turned = turnMaps(target, SCENE_SIDE / CELL, kinds, g);
      for (const [i, value] of cellTargets(there, SCENE_SIDE, CLASSES).entries()) {
        expect(turned[i]).toBeCloseTo(value, 5);
      }
      const found = detectionsIn(saying(turned), SCENE_SIDE, CLASSES);
      expect(found).toHaveLength(things.length);
      for (const { box, label } of there) {
        expect(found.some((one) => one.label === label && overlap(one.box, box) > 0.999)).toBe(true);
      }
    }
  }
});

test('of what says the same thing twice, the surer one stays; of another class both', () => {
  const at = (left: number, score: number, label = 0): Detection => ({
    ...{ label, score },
    box: { left, top: 0, right: left + 10, bottom: 10 },
  });
  expect(withoutRepeats([at(0, 0.5), at(1, 0.9)])).toEqual([at(1, 0.9)]);
  expect(withoutRepeats([at(0, 0.5), at(1, 0.9, 1)])).toEqual([at(1, 0.9, 1), at(0, 0.5)]);
  // A third of the union is not the same thing.
  expect(withoutRepeats([at(0, 0.5), at(5, 0.9)])).toEqual([at(5, 0.9), at(0, 0.5)]);
});

describeOnBackends('detectors', (backend) => {
  forbidLeaks();
  const arch = (group: 'C1' | 'C4' | 'D4'): SpatialArch => ({
    ...{ group, size: SCENE_SIDE, input: ['scalar', 'scalar', 'scalar'], output: kinds, answerKernel: 3 },
    ...{ rim: 'zeros', residual: false },
    blocks: [1, 2, 2].map((times) => ({
      ...{ kernel: 3, pool: true },
      fields: times * (group === 'C1' ? 8 : 3),
    })),
  });

  test('the loss is what it says, cell by cell', async () => {
    const { things } = makeScenes('open', 5, 20).scenes.find((scene) => scene.things.length > 1)!;
    const target = cellTargets(things, SCENE_SIDE, CLASSES);
    const next = uniform('answers');
    const answer = target.map(() => 2 * next() - 1);
    const width = BEFORE_CLASSES + CLASSES;
    let [found, weights, place, told] = [0, 0, 0, 0];
    for (let at = 0; at < target.length; at += width) {
      const is = target[at];
      found += (1 + 3 * is) * -Math.log(1 / (1 + Math.exp(is ? -answer[at] : answer[at])));
      weights += 1 + 3 * is;
      if (!is) continue;
      for (let c = 1; c < BEFORE_CLASSES; c++) place += (answer[at + c] - target[at + c]) ** 2;
      const logits = answer.slice(at + BEFORE_CLASSES, at + width);
      const label = target.slice(at + BEFORE_CLASSES, at + width).indexOf(1);
      told -= Math.log(Math.exp(logits[label]) / logits.reduce((sum, x) => sum + Math.exp(x), 0));
    }
    const shape: [number, number, number, number] = [1, SCENE_SIDE / CELL, SCENE_SIDE / CELL, width];
    const loss = tf.tidy(() => sceneLoss(tf.tensor4d(answer, shape), tf.tensor4d(target, shape)));
    expect((await loss.data())[0]).toBeCloseTo(found / weights + (place + told) / things.length, 4);
    loss.dispose();
    // Nothing there: no place or class to miss.
    const none = tf.tidy(() => sceneLoss(tf.zeros(shape), tf.zeros(shape)));
    expect((await none.data())[0]).toBeCloseTo(Math.log(2), 5);
    none.dispose();
  });

  test.skipIf(backend === 'cpu')(
    'one of turning cells has boxes that turn with the scene, and the same precision',
    async () => {
      const set = makeScenes('open', 5, 4);
      for (const group of ['C4', 'D4'] as const) {
        const design = arch(group);
        const next = uniform('weights');
        const worn = Object.fromEntries(
          Object.entries(startSpatial(design, 1)).map(([name, { shape, data }]) => [
            name,
            { shape, data: name.endsWith('variance') ? data : data.map((x) => x + 0.3 * (next() - 0.5)) },
          ]),
        );
        const params = uploadParams(worn);
        const network = openSpatial(design, params);
        const cells = await answersOf(network, design, scenePictures(set));
        const one = cells.length / set.scenes.length;
        const upright = detectionsIn(cells.subarray(0, one), SCENE_SIDE, CLASSES);
        expect(upright.length).toBeGreaterThan(0);
        for (const g of GROUPS[group].elements) {
          const pictures = turnMaps(scenePictures(set), SCENE_SIDE, design.input, g);
          const turned = detectionsIn(
            (await answersOf(network, design, pictures)).subarray(0, one),
            SCENE_SIDE,
            CLASSES,
          );
          expect(turned).toHaveLength(upright.length);
          for (const { box, label, score } of upright) {
            const where = turnBox(box, SCENE_SIDE, g);
            const best = Math.max(
              ...turned
                .filter((each) => each.label === label && Math.abs(each.score - score) < 1e-4)
                .map((each) => overlap(each.box, where)),
            );
            expect(best).toBeGreaterThan(0.999);
          }
        }
        network.dispose();
        tf.dispose(Object.values(params));
      }
    },
  );

  test.skipIf(backend !== 'wasm')('learn to find what they have seen', async () => {
    const set = makeScenes('open', 1, 8);
    const design = arch('C1');
    const problem = mapProblem({
      ...{ arch: design, examples: sceneExamples(set), loss: sceneLoss, lambda: 0, augment: false },
      symmetry: symmetryOf('C4', false),
      validate: async (network) => {
        const { half } = await precisionOn(network, design, set);
        return { accuracy: half!, loss: 1 - half! };
      },
    });
    const plan = { epochs: 24, batch: 4, weightDecay: 0, dropout: 0, hidden: 0, seed: 1 };
    const { best, history } = await finish(
      fit(problem, startSpatial(design, 1), { ...plan, learningRate: () => 0.01, stop: () => null }),
    );
    expect(history.at(-1)!.loss).toBeLessThan(0.5 * history[0].loss);
    expect(best.accuracy, `${best.accuracy}`).toBeGreaterThan(0.3);
  });
});
