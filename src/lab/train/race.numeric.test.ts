import { expect, test } from 'vitest';
import { plainTwin } from '../families/gcnn/twin';
import { namedArch } from '../families/gcnn/zoo';
import { finish } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { race } from './race';

describeOnBackends('a race', (backend) => {
  forbidLeaks();

  // Seconds of training: in software too slow to tell anything.
  test.skipIf(backend === 'webgpu')(
    'both train, with as many channels, and leave nothing behind',
    async () => {
      const arch = namedArch('tiny');
      const { symmetric, plain, channels, steps } = await finish(race(arch));
      expect(steps).toBeGreaterThanOrEqual(3);
      for (const { tilesPerSecond } of [symmetric, plain]) expect(tilesPerSecond).toBeGreaterThan(0);
      expect(symmetric.multiplications.fourier).toBeLessThan(symmetric.multiplications.expanded);
      expect(plain.multiplications).toEqual({
        expanded: symmetric.multiplications.expanded,
        fourier: symmetric.multiplications.expanded,
      });
      expect(channels).toBe(Math.max(...plainTwin(arch).blocks.map(({ fields }) => fields)));
    },
  );
});
