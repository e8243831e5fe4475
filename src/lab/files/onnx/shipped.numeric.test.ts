/** Networks that the page comes with, whole and freshly pruned, as ONNX files: the figures of each are printed. */
import { describe, expect, test } from 'vitest';
import { finish } from '../../stage/events';
import { testPlatform } from '../../testing/platform';
import { type OnnxRounding, USUAL_CHOICES } from './choices';
import { makeOnnx } from './make';
import { IDS, isInNode, opened } from './testing/shipped';
import { madeUpTrial } from './trial';

describe.each(IDS)('%s as ONNX', (id) => {
  test.skipIf(!isInNode).each([false, true])('half of its neurons gone: %s', async (isPruned) => {
    await testPlatform().start('wasm');
    const model = await opened(id, isPruned);
    const trial = madeUpTrial(model.arch.input);
    const make = async (rounding: OnnxRounding) => {
      const choices = { ...USUAL_CHOICES, rounding };
      // Ranges of the pictures themselves: whether the file does what it says is asked, not how good the ranges are.
      const run = makeOnnx(model, choices, { ...trial, calibration: trial.check }, () =>
        testPlatform().loadOnnxRuntime(),
      );
      const { network, comparison } = await finish(run);
      const { largestDifference, answersThatDiffer, turns, milliseconds } = comparison;
      console.info(
        `${id}${isPruned ? ', pruned' : ''}, ${rounding}: ${network.bytes.length} bytes, ${largestDifference.toExponential(1)}, ` +
          `${answersThatDiffer} differ, ${turns.changed} change, ${milliseconds.toFixed(2)} ms`,
      );
      return { bytes: network.bytes.length, ...comparison };
    };
    const [floats, dynamic, fixed] = [await make('none'), await make('dynamic'), await make('static')];
    expect(floats.largestDifference).toBeLessThan(1e-5);
    expect(floats.answersThatDiffer).toBe(0);
    expect(dynamic.largestDifference).toBeLessThan(0.01);
    expect(dynamic.answersThatDiffer).toBeLessThanOrEqual(1);
    expect(fixed.largestDifference).toBeLessThan(0.2);
    // Of the smallest networks names and operators take more than numbers.
    if (floats.bytes > 1e5) expect(Math.max(dynamic.bytes, fixed.bytes)).toBeLessThan(0.35 * floats.bytes);
    if (model.arch.group !== 'C1')
      for (const { turns } of [floats, dynamic, fixed]) expect(turns.changed).toBe(0);
  });
});
