/** Networks that the page comes with, whole and freshly pruned, as TFLite files: the figures of each are printed. */
import { describe, expect, test } from 'vitest';
import { finish } from '../../stage/events';
import { testPlatform } from '../../testing/platform';
import { IDS, isInNode, opened } from '../onnx/testing/shipped';
import { madeUpTrial } from '../onnx/trial';
import type { TfliteChoices } from './choices';
import { makeTflite } from './make';

describe.each(IDS)('%s as TFLite', (id) => {
  test.skipIf(!isInNode).each([false, true])('half of its neurons gone: %s', async (isPruned) => {
    await testPlatform().start('wasm');
    const model = await opened(id, isPruned);
    const trial = madeUpTrial(model.arch.input);
    const make = async (rounding: TfliteChoices['rounding']) => {
      const choices: TfliteChoices = { rounding, batch: 1, preprocessing: 'inside' };
      const run = makeTflite(model, choices, trial, () => testPlatform().loadLiteRt());
      const { network, comparison } = await finish(run);
      const { largestDifference, answersThatDiffer, turns, milliseconds } = comparison;
      console.info(
        `${id}${isPruned ? ', pruned' : ''}, ${rounding}: ${network.bytes.length} bytes, ${largestDifference.toExponential(1)}, ` +
          `${answersThatDiffer} differ, ${turns.changed} change, ${milliseconds.toFixed(2)} ms`,
      );
      return { bytes: network.bytes.length, ...comparison };
    };
    const [floats, dynamic] = [await make('none'), await make('dynamic')];
    expect(floats.largestDifference).toBeLessThan(1e-5);
    expect(floats.answersThatDiffer).toBe(0);
    expect(dynamic.largestDifference).toBeLessThan(0.05);
    // On noise the answers of a network that was pruned and not tuned since are close to each other.
    expect(dynamic.answersThatDiffer).toBeLessThan(6);
    // Of the smallest networks names and operators take more than numbers.
    if (floats.bytes > 1e5) expect(dynamic.bytes).toBeLessThan(0.35 * floats.bytes);
    if (model.arch.group !== 'C1') for (const { turns } of [floats, dynamic]) expect(turns.changed).toBe(0);
  });
});
