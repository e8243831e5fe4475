import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../evaluate/decide';
import { logitsFromFeatures } from '../../evaluate/features';
import { finish } from '../../stage/events';
import { memoryStore } from '../../stage/store';
import { testPlatform } from '../../testing/platform';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { finetuneSettingsSchema } from '../../train/settings';
import { prune } from './prune';
import { sheetOf } from './sheet';
import { openStudy } from './study';
import { answerAt, chooseWatched, firstChanges, TOO_CLOSE, WATCHED, watchedAmong } from './watched';

const UNITS = 6;
const STOPS = [0, 1, 2, 3, 4, 5];

/** Answers of made-up tiles to three classes, at every number of kept units. */
const anyRows = fc
  .record({ tiles: fc.integer({ min: 1, max: 60 }), seed: fc.integer(), steady: fc.boolean() })
  .chain(({ tiles, steady }) =>
    fc.record({
      tiles: fc.constant(tiles),
      units: fc.constant(UNITS),
      labels: fc.uint8Array({ minLength: tiles, maxLength: tiles, max: 2 }),
      undecided: fc.constant(new Uint8Array((UNITS + 1) * tiles)),
      answers: fc.uint8Array({ minLength: tiles, maxLength: tiles, max: 2 }).chain((whole) =>
        steady
          ? fc.constant(
              Uint8Array.from(
                Array(UNITS + 1)
                  .fill([...whole])
                  .flat(),
              ),
            )
          : fc.uint8Array({ minLength: (UNITS + 1) * tiles, maxLength: (UNITS + 1) * tiles, max: 2 }),
      ),
    }),
  );

test('a dozen tiles that are all different: the first to change, one that never does, by when they change', () => {
  fc.assert(
    fc.property(anyRows, ({ labels, ...rows }) => {
      const chosen = [...chooseWatched(rows, STOPS, labels)];
      const first = firstChanges(rows, STOPS);
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(chosen.length).toBe(Math.min(WATCHED, rows.tiles));
      const times = chosen.map((tile) => first[tile]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const whole = rows.answers.subarray(UNITS * rows.tiles);
      const right = labels.reduce((sum, label, tile) => sum + Number(whole[tile] === label), 0);
      const from = [...first].filter((_, tile) => right < WATCHED || whole[tile] === labels[tile]);
      expect(times[0]).toBe(Math.min(...from));
      const never = Number.POSITIVE_INFINITY;
      expect(times.includes(never)).toBe(from.includes(never));
    }),
  );
});

test('a pinned tile is among them, whether it is right or wrong, and nothing else is asked of the order', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(), ({ labels, ...rows }, n) => {
      const pinned = n % rows.tiles;
      expect(chooseWatched(rows, STOPS, labels, pinned)).toContain(pinned);
    }),
  );
});

test('the sheet tells what the really smaller network answers to each, and fine-tuning what each epoch does', async () => {
  await testPlatform().start('wasm');
  const dataset = tinyDataset(40);
  const splits = tinySplits(dataset);
  const model = tinyModel({ hidden: UNITS });
  const study = await finish(openStudy(model, dataset, splits));
  const pinned = splits.val[3];
  const sheet = await finish(sheetOf(study, 1, { tiles: null, pinned }));
  const { tiles, labels } = sheet.watched;
  expect([...tiles]).toContain(pinned);
  expect([...labels]).toEqual(Array.from(tiles, (tile) => dataset.labels[tile]));
  const rows = watchedAmong(study.tiles, tiles);
  for (const { method, compensation, watched } of sheet.curves) {
    const { model: smaller } = prune(
      model,
      { method, compensation, ratio: 4 / 6, seed: 1 },
      study.statistics,
    );
    for (const [turn, { values }] of study.turns.entries()) {
      const { answers, undecided } = decide(await logitsFromFeatures(smaller, values), 3);
      const told = Array.from(tiles, (_, i) => answerAt(watched, tiles.length, 2, turn, i));
      expect(told).toEqual([...rows.keys()].map((row) => (undecided[row] ? TOO_CLOSE : answers[row])));
    }
  }
  // The same tiles once more, for another network or more tiles.
  const again = await finish(sheetOf(study, 1, { tiles, pinned: null }));
  expect(again.watched).toEqual(sheet.watched);

  const { finetuneSession } = await import('../tuning/session');
  const settings = finetuneSettingsSchema.parse({ scope: 'head', epochs: 3, tolerance: 0 });
  const choice = { method: 'l2', compensation: 'none', ratio: 5 / 6, seed: 1 } as const;
  const session = finetuneSession(
    { ...study, watched: rows },
    choice,
    { ...settings, scope: 'head' },
    {
      store: memoryStore(),
      key: 'x',
      stop: new AbortController().signal,
    },
  );
  const { epochs, watched, accuracy } = await finish(session);
  expect(watched!.map(([tile]) => tile)).toEqual([...tiles]);
  expect(watched!.every(([, turns]) => turns.length === 4)).toBe(true);
  for (const epoch of epochs) expect(epoch.watched!.map(([tile]) => tile)).toEqual([...tiles]);
  const best = epochs.find((epoch) => epoch.accuracy === accuracy);
  if (best)
    expect(watched!.map(([, [upright]]) => upright)).toEqual(best.watched!.map(([, answer]) => answer));
});
