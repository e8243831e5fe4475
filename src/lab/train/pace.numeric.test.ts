import { expect, test } from 'vitest';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyArch } from '../testing/tiny';
import { trainingRate } from './pace';

describeOnBackends('the pace of training', (backend) => {
  forbidLeaks();

  test('is measured over the time that is given, however short an epoch is', async () => {
    const began = performance.now();
    const rate = await trainingRate(tinyArch(), 700);
    expect(performance.now() - began).toBeGreaterThan(700);
    // Never more than what was done in that time could be.
    expect(rate).toBeGreaterThan(0);
    expect(Number.isFinite(rate)).toBe(true);
  });

  test.skipIf(backend === 'webgpu')('a network of sixteen times the pixels is slower', async () => {
    // In turn, and the fastest of each: other work on the machine only ever slows a round down, and where it does, more are asked.
    let [small, large] = [0, 0];
    for (let round = 0; round < 4 || (round < 20 && large >= small); round++) {
      small = Math.max(small, await trainingRate(tinyArch({ size: 8 }), 80));
      large = Math.max(large, await trainingRate(tinyArch({ size: 32 }), 80));
    }
    expect(large).toBeLessThan(small);
  });
});
