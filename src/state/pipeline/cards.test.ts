import { expect, test } from 'vitest';
import { pipelineRow } from '../testing/pipelineRow';
import { findingOf, taskOf } from '../words/pipeline';
import { differencesFromPaper, paperRowsOf, printedWords } from '../words/printedNotes';
import { STAGES_COLUMNS, stagesFile, stagesTable } from '../words/stagesTable';
import { accuracyChange, agreementIn, type Card, cardBefore, cardsOf } from './cards';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');
const states = (cards: readonly Card[]) => cards.map(({ state }) => state);
const findings = (cards: readonly Card[]) => cards.map((card) => plain(findingOf(cards, card)));

test('a card for each stage; the turns of a trained network are part of its card', () => {
  const cards = cardsOf(pipelineRow(), null);
  expect(cards.map(({ planned }) => planned.kind)).toEqual([
    'train',
    'distil',
    'prune',
    'finetune',
    'quantise',
    'check',
  ]);
  expect(states(cards)).toEqual(Array(6).fill('done'));
  expect(cards[0].figures).toMatchObject({
    part: 'val',
    tiles: 240,
    accuracy: 0.8,
    turned: [0.8, 0.8, 0.8, 0.8],
    error: 2e-7,
    // Its own second and that of its check.
    seconds: 2,
  });
  expect(cards[2].figures).toMatchObject({ error: 3e-7, undecided: 2 });
  expect(cards[5].figures).toMatchObject({ part: 'test', accuracy: 0.7 });
  expect(agreementIn(cards[0].figures!)).toBe(1);
});

test('records of before exported bytes were counted still make cards', () => {
  const records = pipelineRow().records.map(({ exported: _, ...record }) => record);
  const [train] = cardsOf(pipelineRow({ records: records as never }), null);
  expect(train.figures).toMatchObject({ bytes: 200_000, exported: null });
  expect(cardsOf(pipelineRow(), null)[0].figures).toMatchObject({ exported: 800_000 });
});

test('where it is: running, paused, left, failed, waiting', () => {
  const row = pipelineRow({ status: 'running', later: null }, {}, 3);
  const { records } = row;
  expect(states(cardsOf(row, { records, status: 'running' }))).toEqual([
    'done',
    'running',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ]);
  expect(cardsOf(row, { records, status: 'paused' })[1].state).toBe('paused');
  expect(cardsOf({ ...row, status: 'failed' }, null)[1].state).toBe('failed');
  const [epoch] = row.history;
  const left = cardsOf(
    { ...row, records: records.slice(0, 2), later: { stage: 'distil', history: [epoch] } },
    null,
  );
  expect([left[1].state, left[1].history, left[1].epochs]).toEqual(['stopped', [epoch], 8]);
  // What is known of the running worker is newer than the row.
  expect(cardsOf({ ...row, records: [] }, { records, status: 'running' })[0].state).toBe('done');
});

test('without a student there is no card for one', () => {
  const kinds = cardsOf(pipelineRow({}, { hidden: 0 }), null).map(({ planned }) => planned.kind);
  expect(kinds).toEqual(['train', 'prune', 'finetune', 'quantise', 'check']);
});

test('each stage says what it found', () => {
  expect(findings(cardsOf(pipelineRow(), null))).toEqual([
    'Best at epoch 2 of 3. 95 % interval 74.5 % to 84.6 %.',
    'Best at epoch 2 of 3. 5.0 points below its teacher.',
    '45 of 90 hidden neurons removed (7 of the 90 never spoke). 31.0 points below the network before.',
    'The drop of 31.0 points is more than 2.0 points: 3 epochs brought back 30.5 points, the best was epoch 2; ended because the loss is below 1 point now.',
    'The same answer as before rounding on 99.2 % of the tiles, in 85.0 kB (−29 %).',
    '70.0 % on 240 test tiles, looked at once (95 % interval 63.9 % to 75.4 %). Turned by 90°, 180° and 270°, the accuracy stays 70.0 % and no answer changes (2 tiles too close to call).',
  ]);
});

test('a fine-tuning that was not needed says why', () => {
  const row = pipelineRow();
  const skipped = (own: object) =>
    cardsOf(
      {
        ...row,
        records: row.records.map((each) => (each.name.startsWith('finetune') ? { ...each, ...own } : each)),
      },
      null,
    );
  const little = skipped({ triggered: false, start: 0.746, epochs: [] });
  expect(little[3].state).toBe('skipped');
  expect(findings(little)[3]).toBe('Not needed: the drop of 0.4 points is within 2.0 points.');
  expect(findings(skipped({ triggered: false, start: 0.76, epochs: [] }))[3]).toBe(
    'Not needed: nothing was lost.',
  );
});

test('what each stage is about to do', () => {
  const row = pipelineRow({}, { tune: 'any', scope: 'network', ratio: 0.125, compensation: 'mean' });
  expect(cardsOf(row, null).map(({ planned }) => plain(taskOf(planned, row.recipe)))).toEqual([
    'c4-twin-small, at most 8 epochs',
    '90 hidden neurons, α 0.5, T 4, at most 8 epochs',
    '12.5 % of the hidden neurons by L2, their means in their place',
    'the whole network, as soon as anything is lost',
    'dense layers to 8-bit integers, one range of activations per tile',
    'at 4 angles on the test tiles',
  ]);
});

test('accuracies are held against each other on the same tiles only', () => {
  const cards = cardsOf(pipelineRow(), null);
  const [train, distil, , , quantise, check] = cards.map(({ figures }) => figures!);
  expect(accuracyChange(distil, train)).toBeCloseTo(-0.05, 12);
  expect(accuracyChange(check, quantise)).toBeNull();
  expect(cardBefore(cards, cards[0])).toBeNull();
  expect(cardBefore(cards, cards[3])?.name).toBe(cards[2].name);
});

test('a stage is held against the network that it took, wherever that stands', () => {
  const cards = cardsOf(pipelineRow(), null);
  const rounded = (from: string): Card => {
    const { record, planned } = cards[4];
    return {
      ...cards[4],
      record: { ...record!, from },
      planned: { ...planned, input: { kind: 'step', name: from } },
    };
  };
  expect(cardBefore(cards, rounded('train'))?.name).toBe('train');
  expect(cardBefore(cards, rounded('network'))).toBeNull();
  // Before there is a record, the plan says it.
  expect(cardBefore(cards, { ...rounded('distil'), record: null })?.name).toBe('distil');
});

test('only test tiles are looked at once, and only where the next layer follows is it said to follow', () => {
  const row = pipelineRow();
  const cards = cardsOf(row, null);
  const onVal = { ...cards[5], figures: { ...cards[5].figures!, part: 'val' as const } };
  expect(findingOf(cards, cards[5])).toContain('looked at once');
  expect(findingOf(cards, onVal)).not.toContain('looked at once');
  const { planned } = cards[2];
  const broken = { ...planned, step: { ...planned.step, cascade: 'misaligned' } } as typeof planned;
  expect(differencesFromPaper(row, cards[2]).join(' ')).toContain('here they follow');
  expect(differencesFromPaper(row, { ...cards[2], planned: broken }).join(' ')).not.toContain('follow');
});

test('the table has a row for each stage and a cell for each column', () => {
  const table = stagesTable(cardsOf(pipelineRow({}, {}, 5), null));
  expect(table.rows.map(({ name }) => name)).toEqual(['1 Train', '2 Distil', '3 Prune']);
  for (const { cells } of table.rows) expect(cells).toHaveLength(table.columns.length);
  expect(table.columns).toHaveLength(STAGES_COLUMNS.length + 2);
  expect(plain(table.rows[2].cells.join('|'))).toBe(
    '44.0 %|37.9 %|50.3 %|44.0 %|44.0 %|44.0 %|100 %|2|3.0·10⁻⁷|30,000|120.0 kB|480.0 kB|1.0 M|1.0 s|−31.0 pt|−36.0 pt',
  );
});

test('the table as a file has the figures in full', () => {
  const row = pipelineRow();
  const { columns, rows, source } = stagesFile(row, cardsOf(row, null));
  expect(rows).toHaveLength(6);
  for (const cells of rows) expect(cells).toHaveLength(columns.length);
  expect(rows[2].slice(0, 5)).toEqual(['Prune', row.records[4].name, 'val', 240, 0.44]);
  expect(rows[2].at(-1)).toBeCloseTo(-0.36, 12);
  // Of other tiles than those before it.
  expect(rows[5].slice(-2)).toEqual([null, null]);
  expect(source).toMatchObject({ design: 'c4-twin-small', seed: 1 });
});

test('beside the paper: its row for the stage, both where it has none for the ratio, and why they differ', () => {
  const row = pipelineRow();
  const cards = cardsOf(row, null);
  expect(cards.map((card) => paperRowsOf(card).map(({ label }) => plain(label)))).toEqual([
    ['Original'],
    ['Distilled'],
    ['Pruned 50 %'],
    ['Pruned 50 %, fine-tuned'],
    ['Pruned 50 %, fine-tuned, INT8'],
    ['Pruned 50 %, fine-tuned, INT8'],
  ]);
  expect(paperRowsOf(cardsOf(pipelineRow({}, { ratio: 0.7 }), null)[2])).toHaveLength(2);
  expect(plain(printedWords(paperRowsOf(cards[2])[0].paper))).toBe('10.41 %, 1.01 MB, 50.4 % smaller');
  const notes = differencesFromPaper(row, cards[2]).map(plain);
  expect(notes[0]).toContain('Other tiles: Synthetic, 10 tiles here');
  expect(notes[1]).toContain('Another network: c4-twin-small');
  expect(notes[2]).toContain('240 validation tiles');
  expect(notes[3]).toContain('7 of 90 hidden neurons never spoke');
  expect(differencesFromPaper({ ...row, params: 532_066 }, cards[0])[1]).toContain('The same number');
  expect(plain(differencesFromPaper(row, cards[5])[2])).toContain('240 test tiles');
});
