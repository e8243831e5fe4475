/** How a pair is opened while the engine starts: what waits for it, and what does not. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { EUROSAT_CLASSES } from '../../lab/data/readers/eurosat';
import { encodeModel } from '../../lab/files/modelFile';
import type { BackendReport } from '../../lab/runtime/backend';
import { testPlatform } from '../../lab/testing/platform';
import { shakenModel, tinyArch } from '../../lab/testing/tiny';
import { hasFeatures } from '../../storage/features';
import type { Message } from '../protocol/messages';
import { createHost } from './host';
import { startEngine } from './kernels';
import { createLab } from './lab';

vi.mock('./kernels', () => ({ startEngine: vi.fn() }));
vi.mock('./lock', () => ({ holdLock: () => {} }));

const SITE = 'http://lab.test/';
const network = (id: string, role: string) => ({
  ...{ id, file: `${id}.safetensors`, title: id, arch: 'tiny', dataset: 'synthetic', size: 8, role },
});
const PAIR = {
  ...{ id: 'pair', title: 'Tiny', equivariant: 'turning', plain: 'other', size: 8, splitSeed: 1 },
  ...{ dataset: 'synthetic', perClass: 10, datasetSeed: 1 },
};
const CATALOGUE = { models: [network('turning', 'equivariant'), network('other', 'plain')], pairs: [PAIR] };

const fileOf = (seed: number): Uint8Array =>
  encodeModel({
    ...shakenModel({ ...tinyArch({ size: 8 }), classes: EUROSAT_CLASSES.length }, seed),
    classes: EUROSAT_CLASSES,
  });

const asked: string[] = [];
vi.stubGlobal('fetch', async (address: string) => {
  const name = address.replace(SITE, '');
  asked.push(name);
  const body = name === 'index.json' ? JSON.stringify(CATALOGUE) : fileOf(name.startsWith('turning') ? 1 : 2);
  return new Response(body as BodyInit);
});

afterEach(() => {
  asked.length = 0;
});

/** A worker whose engine starts when `start` is called, and not before. */
function worker() {
  const messages: Message[] = [];
  let start = () => {};
  vi.mocked(startEngine).mockImplementation(
    () =>
      new Promise<BackendReport>((resolve, reject) => {
        start = () => testPlatform().start('wasm').then(resolve, reject);
      }),
  );
  const post = (message: Message) => void messages.push(message);
  const { handlers, foresee } = createLab(post, '1');
  const receive = createHost(handlers, post, undefined, foresee);
  receive({ type: 'start', id: 1, backend: 'wasm', lock: 'lock' });
  const subject = { kind: 'pair', id: null };
  receive({
    ...{ type: 'open', id: 2, catalogue: `${SITE}index.json`, subject, seed: 1, firstTiles: 8, pinned: null },
    way: { unit: 'mlp', ranking: 'network' },
    chosen: { method: 'l2', compensation: 'none' },
  });
  const sheets = () =>
    messages.flatMap((message) =>
      message.type === 'event' && message.event.type === 'sheet' ? [message.event] : [],
    );
  const ended = (id: number) =>
    messages.find((each) => each.type !== 'event' && 'id' in each && each.id === id);
  return { messages, sheets, ended, start: () => start() };
}

test('networks arrive while the engine starts; on the next visit their curves are told before it runs', async () => {
  const first = worker();
  await vi.waitFor(
    () => expect(asked).toEqual(['index.json', 'turning.safetensors', 'other.safetensors']),
    20_000,
  );
  expect(first.ended(1)).toBeUndefined();
  first.start();
  await vi.waitFor(() => expect(first.ended(2)).toMatchObject({ type: 'done' }), 60_000);
  expect(first.sheets().map(({ net, sheet }) => [net, sheet.tiles])).toEqual([
    ['main', 8],
    ['peer', 8],
    ['main', 20],
    ['peer', 20],
  ]);
  await vi.waitFor(async () => expect(await hasFeatures()).toBe(true), 20_000);

  const second = worker();
  await vi.waitFor(() => expect(second.sheets()).toHaveLength(2), 20_000);
  expect(second.ended(1)).toBeUndefined();
  expect(second.sheets().map(({ sheet }) => sheet)).toEqual(
    first
      .sheets()
      .slice(2)
      .map(({ sheet }) => sheet),
  );
  second.start();
  await vi.waitFor(() => expect(second.ended(2)).toMatchObject({ type: 'done' }), 60_000);
  // Told once.
  expect(second.sheets()).toHaveLength(2);
  expect(
    second.messages.filter((each) => each.type === 'event' && each.event.type === 'opened'),
  ).toHaveLength(1);
}, 120_000);
