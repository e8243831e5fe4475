import { expect, test } from 'vitest';
import { finish, type LabEvent, runUntilStopped } from '../stage/events';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset, tinyModel } from '../testing/tiny';
import { rotationCheck } from './rotation';

const dataset = tinyDataset(27);
const everyTile = Uint32Array.from(dataset.labels, (_, i) => i);

describeOnBackends('the check of turned tiles', (backend) => {
  forbidLeaks();

  test('gives its host a turn after every piece of every angle, and stops there', async () => {
    const check = () => rotationCheck(tinyModel(), dataset, everyTile, [0, 45]);
    const seen: LabEvent[] = [];
    const whole = await finish(check(), (event) => void seen.push(event));
    // 81 tiles in pieces of 32, at the four quarter turns and at 45°.
    const done = [0, 1, 2, 3, 4].flatMap((angle) => [32, 64, 81].map((tiles) => 81 * angle + tiles));
    expect(seen).toEqual(done.map((each) => ({ type: 'progress', what: 'angles', done: each, total: 405 })));
    const stop = new AbortController();
    let heard = 0;
    const stopped = await finish(runUntilStopped(check(), stop.signal), () => {
      if (++heard === 4) stop.abort();
    });
    expect([stopped, heard]).toEqual([null, 4]);
    if (backend !== 'webgpu') expect(await finish(check())).toEqual(whole);
  });
});
