import { expect, test } from 'vitest';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { uprightCheck } from './upright';

describeOnBackends('a symmetry that is in the data, and one that is not', (backend) => {
  forbidLeaks();

  // Some thousand steps of training: in software too slow.
  test.skipIf(backend !== 'wasm')('where up is the class, what does not see it guesses', async () => {
    const began = performance.now();
    const { hasUp, hasNone, classes } = await finish(uprightCheck());
    console.info(`${JSON.stringify({ hasUp, hasNone })}, ${Math.round(performance.now() - began)} ms`);
    expect(hasUp.symmetric).toBeLessThan(1.5 / classes);
    expect(hasUp.plain).toBeGreaterThan(0.8);
    expect(hasNone.symmetric).toBeGreaterThan(0.5);
  });
});
