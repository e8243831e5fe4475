/** Many pictures in the page's worker, over a real database in memory: kept, ended, gone on with, and begun anew where it has to be. */
import 'fake-indexeddb/auto';
import { beforeAll, expect, test, vi } from 'vitest';
import { USUAL_BATCH } from '../../lab/batch/choices';
import { loadCodecs, picture, png, zipOf } from '../../lab/data/testing/pictures';
import { encodeModel } from '../../lab/files/modelFile';
import { testPlatform } from '../../lab/testing/platform';
import { tinyModel } from '../../lab/testing/tiny';
import { batchText, loadBatch } from '../../storage/batches';
import { requireLibrary } from '../../storage/db';
import { batchHandlers } from './batch';
import { createJobs } from './jobs';

vi.mock('./decoders', () => ({ loadDecoders: async () => {} }));

let zip: File;
beforeAll(async () => {
  vi.stubGlobal('navigator', {});
  await loadCodecs();
  await testPlatform().start('cpu');
  const files = Array.from({ length: 40 }, async (_, i) => [
    `x${i % 2}/${i}.png`,
    await png(picture(8, 8, i)),
  ]);
  zip = new File([await zipOf((await Promise.all(files)) as [string, Uint8Array][])], 'tiles.zip', {
    lastModified: 1,
  });
});

/** Runs it to its end, or asks it to stop once so many pictures are done. */
async function batch(stopAfter = Number.POSITIVE_INFINITY, seed = 1) {
  const stop = new AbortController();
  const command = {
    ...({ type: 'batch', id: 1, catalogue: '', name: 'tiles', choices: USUAL_BATCH } as const),
    source: { kind: 'file', file: zip } as const,
    net: { kind: 'file', key: '', title: 'tiny', bytes: encodeModel(tinyModel({ seed })) } as const,
  };
  const job = batchHandlers.batch(command, stop.signal);
  let resumed = -1;
  for (;;) {
    const step = await job.next();
    if (step.done) return { resumed, row: step.value.row, text: (await batchText(step.value.row)).join('') };
    if (step.value.type === 'classified') resumed = Math.max(resumed, step.value.resumed);
    if (step.value.type === 'progress' && step.value.done >= stopAfter) stop.abort();
  }
}

test('a batch that is stopped goes on to the same bytes; another network, or damage, begins it anew', async () => {
  const whole = await batch();
  expect([whole.resumed, whole.row.summary.done, whole.text.split('\r\n').length]).toEqual([0, 40, 42]);

  const other = await batch(16, 2);
  expect([other.resumed, other.row.summary.done]).toEqual([0, 16]);
  expect((await loadBatch())!.summary.done).toBe(16);

  const again = await batch(16);
  expect([again.resumed, again.row.summary.done]).toEqual([0, 16]);
  const ended = await batch();
  expect([ended.resumed, ended.row.summary.done]).toEqual([16, 40]);
  expect(ended.text).toBe(whole.text);

  const db = await requireLibrary();
  await db.put('batchLines', { ...(await db.get('batchLines', 1))!, text: 'another line' }, 1);
  await expect(batchText(ended.row)).rejects.toThrow(/is damaged.*classify them again/);
  const anew = await batch();
  expect([anew.resumed, anew.text === whole.text]).toEqual([0, true]);
});

test('a set whose classes are the innermost folders is read so', async () => {
  const tile = await png(picture(8, 8));
  const files = ['one/River', 'two/River', 'one/Forest', 'two/Forest'].map(
    (folder) => [`${folder}/1.png`, tile] as const,
  );
  const file = new File([await zipOf(files)], 'deep.zip');
  const wish = { bands: 'rgb', classes: 'innermost', lock: '' } as const;
  const job = createJobs(
    () => null,
    () => {},
  ).import(
    { type: 'import', id: 1, name: 'deep', source: { kind: 'file', file }, ...wish },
    new AbortController().signal,
  );
  for (;;) {
    const step = await job.next();
    if (!step.done) continue;
    expect(step.value.classes).toEqual(['Forest', 'River']);
    return;
  }
});
