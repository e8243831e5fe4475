/** Two networks beside each other, before a worker whose answers take their time. */
import { expect, test, vi } from 'vitest';
import { bytesOf, resnetCheckpoint } from '../../lab/files/foreign/testing/checkpoints';
import type { JobEvent, TimedHere } from '../../worker/protocol/results';
import { closeCompare, type NetworkFile, openCompare, useCompare } from '../page/compare';
import { readLayers, takeNetworkFiles, timeThem } from './compare';

interface Asked {
  readonly names: string[];
  readonly controls: string[];
  tell(event: JobEvent): void;
  resolve(timed: TimedHere): void;
}

const asked = vi.hoisted(() => [] as Asked[]);
vi.mock('./session', () => ({
  client: {
    run: (_: 'time', { networks }: { networks: { name: string }[] }, tell: Asked['tell']) => {
      let resolve: Asked['resolve'] = () => {};
      const result = new Promise<TimedHere>((yes) => (resolve = yes));
      const controls: string[] = [];
      asked.push({ names: networks.map(({ name }) => name), controls, tell, resolve });
      return { id: asked.length, result, control: (action: string) => controls.push(action) };
    },
  },
}));

const network = (name: string): NetworkFile => ({ name, load: async () => new Uint8Array(8) });
const tick = () => new Promise<void>((resolve) => setTimeout(resolve));
const progress: JobEvent = { type: 'progress', what: 'rounds', done: 1, total: 2 };
const timed = (names: string[]) => ({ names, rows: [], peaks: [], without: null }) as unknown as TimedHere;
const pace = () => useCompare.getState().pace;

test('a timing that is left is ended, and is not in the way of the next one', async () => {
  asked.length = 0;
  openCompare(null, network('first'));
  void timeThem();
  await tick();
  asked[0].tell(progress);
  expect(pace()).toMatchObject({ status: 'timing', progress });

  closeCompare();
  expect(asked[0].controls).toEqual(['stop']);
  openCompare(network('first'), network('second'));
  asked[0].tell(progress);
  expect(pace()).toEqual({ status: 'none' });

  void timeThem();
  await tick();
  expect(asked[1].names).toEqual(['first', 'second']);
  asked[0].resolve(timed(['first']));
  await tick();
  expect(pace()).toMatchObject({ status: 'timing' });
  asked[1].resolve(timed(['first', 'second']));
  await tick();
  expect(pace()).toMatchObject({ status: 'done', timed: { names: ['first', 'second'] } });
});

test('a file that was chosen is read once, for its layers and for its time', async () => {
  asked.length = 0;
  const metadata = { size: '32', mean: '0.5', std: '0.25', classes: 'a,b,c' };
  const bytes = bytesOf(resnetCheckpoint(), metadata);
  const file = new File([new Uint8Array(bytes)], 'chosen.safetensors');
  const reads = vi.spyOn(file, 'arrayBuffer');
  openCompare(null, network('another'));
  takeNetworkFiles([file], 'after');
  await readLayers();
  expect(useCompare.getState().layers).toMatchObject({ status: 'done' });
  void timeThem();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0].names).toEqual(['chosen']);
  expect(reads).toHaveBeenCalledTimes(1);
});
