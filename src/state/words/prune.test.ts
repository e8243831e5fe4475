import { describe, expect, test } from 'vitest';
import type { SliderUnit } from '../../lab/families/units';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import {
  climbSentence,
  decisionSentence,
  fitSentence,
  neuronSentence,
  ordinal,
  pruneSentence,
  resultSentence,
  rotationSentence,
  stopLabel,
  tilesSentence,
  turnedSentence,
  undecidedSentence,
} from './prune';

const settings = finetuneSettingsSchema.parse({});
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const facts = {
  removed: 106,
  units: 128,
  unit: 'neuron' as SliderUnit,
  baseline: 0.912,
  accuracy: 0.48,
  losslessTo: 20,
  deadRemoved: 0,
  dead: 0,
  floored: [] as number[],
  statisticsTiles: 720,
};

describe('what pruning did', () => {
  const say = (changes: Partial<typeof facts>) => plain(pruneSentence({ ...facts, ...changes }));

  test('a collapse, with its size', () => {
    expect(say({})).toBe('At 83 % removed, accuracy fell from 91.2 % to 48.0 %: 43.2 points.');
  });
  test('blocks that needed their last unit are named', () => {
    expect(say({ floored: [2] })).toMatch(
      /43\.2 points\. Block 2 keeps its best neuron: a block needs one\.$/,
    );
    expect(say({ floored: [1, 3], unit: 'heads' })).toMatch(
      /Blocks 1, 3 keep their best head: a block needs one\.$/,
    );
  });
  test('a flat curve is told as one, and says why only as far as it knows', () => {
    const flat = { accuracy: 0.912, losslessTo: 127 };
    expect(say(flat)).toBe('Nothing was lost up to 83 %.');
    expect(say({ ...flat, removed: 61, deadRemoved: 61, dead: 61 })).toBe(
      'Nothing was lost up to 48 %, because 61 of 128 neurons were dead: their output is the same on all 720 training tiles.',
    );
    expect(say({ ...flat, removed: 40, deadRemoved: 40, dead: 61 })).toMatch(
      /^Nothing was lost up to 31 %, because all 40 removed neurons were dead: /,
    );
    expect(say({ ...flat, deadRemoved: 61, dead: 61 })).toMatch(
      /^Nothing was lost up to 83 %: 61 of the 106 removed neurons were dead \(/,
    );
  });
  test('nothing removed, a gain, and a return to the start', () => {
    expect(say({ removed: 0, accuracy: 0.912 })).toBe('Nothing is removed yet: accuracy is 91.2 %.');
    expect(say({ removed: 10, accuracy: 0.916 })).toBe(
      'At 8 % removed, accuracy rose by 0.4 points to 91.6 %.',
    );
    expect(say({ accuracy: 0.912 })).toBe('At 83 % removed, accuracy is what it was: 91.2 %.');
  });
  test('tiny n: one tile of three', () => {
    expect(say({ units: 8, removed: 4, baseline: 1, accuracy: 2 / 3, losslessTo: 3 })).toBe(
      'At 50 % removed, accuracy fell from 100.0 % to 66.7 %: 33.3 points.',
    );
  });
});

describe('the decision', () => {
  const say = (removed: number, baseline: number, accuracy: number) =>
    plain(decisionSentence({ removed, baseline, accuracy }, settings));

  test('follows the rule of the lab', () => {
    expect(say(50, 0.91, 0.6)).toBe('Dropped by 31.0 points: more than 2, so fine-tuning starts.');
    expect(say(50, 0.91, 0.9)).toBe('Dropped by 1.0 point, within 2 points: no fine-tuning needed.');
    expect(say(50, 0.7, 0.68)).toBe('Dropped by 2.0 points, within 2 points: no fine-tuning needed.');
    expect(say(50, 0.9, 0.9)).toBe('Accuracy did not drop: no fine-tuning needed.');
    expect(say(0, 0.9, 0.9)).toBe('Fine-tuning starts by itself when more than 2 points are lost.');
  });
});

describe('the result', () => {
  const result = { baseline: 0.9, start: 0.5, accuracy: 0.895, epochs: 6, seconds: 0.8, stop: 'excellent' };
  const say = (changes: Partial<typeof result>) => plain(resultSentence({ ...result, ...changes }, settings));

  test('names the bound it is within, the epochs and the time', () => {
    expect(say({})).toBe('Within 1 point of the original after 6 epochs, 0.8 s: 89.5 %.');
    expect(say({ accuracy: 0.885, stop: 'acceptable' })).toBe(
      'Within 2 points of the original after 6 epochs, 0.8 s: 88.5 %.',
    );
    expect(say({ accuracy: 0.9 })).toMatch(/^At or above the original after 6 epochs/);
  });
  test('says so when little or nothing came back, and why it ended', () => {
    expect(say({ accuracy: 0.6, stop: 'patience', seconds: 65 })).toBe(
      'Still 30.0 points below the original after 6 epochs, 1 min 5 s, 10.0 points won back: 60.0 %. It ended for lack of progress.',
    );
    expect(say({ accuracy: 0.5, epochs: 1, stop: 'stopped' })).toBe(
      'Nothing was won back after 1 epoch, 0.8 s: 50.0 %. It was stopped.',
    );
  });
});

describe('turning', () => {
  test('counts changed answers, none included', () => {
    const nets = [
      { name: 'the plain network', changed: 61, undecided: 0 },
      { name: 'the equivariant one', changed: 0, undecided: 0 },
    ];
    expect(plain(rotationSentence(nets, 240))).toBe(
      'Turned by 90°, 180° and 270°, the plain network changed its mind on 61 of 240 tiles; the equivariant one on 0.',
    );
  });
  test('reports tiles too close to call', () => {
    const nets = [
      { name: 'one', changed: 0, undecided: 1 },
      { name: 'the other', changed: 0, undecided: 0 },
    ];
    expect(plain(undecidedSentence(nets))).toBe(
      'Too close to call at some turn, and not counted: 1 tile by one.',
    );
    expect(undecidedSentence(nets.slice(1))).toBe('No tile was too close to call.');
  });
});

test('says on which tiles', () => {
  expect(plain(tilesSentence(240, 240, 1))).toBe(
    'On all 240 validation tiles, split seed 1; one tile is worth 0.4 points.',
  );
  expect(plain(tilesSentence(128, 240, 1))).toMatch(/^On the first 128 of 240 validation tiles \(the rest/);
  expect(tilesSentence(0, 0, 1)).toBe('There are no validation tiles.');
  expect(plain(tilesSentence(32, 5400, 1, 128))).toMatch(
    /^On the first 32 of 128 validation tiles \(the rest/,
  );
  expect(plain(tilesSentence(128, 5400, 1, 128))).toMatch(/^On 128 of 5,400 validation tiles, evenly/);
});

test('the fine-tuning chart in words: the best epoch, the steps of the rate, the end', () => {
  const facts = {
    baseline: 0.9,
    start: 0.4,
    accuracies: [0.5, 0.7, 0.7],
    best: 2,
    steps: [2],
    stop: 'patience',
  };
  expect(plain(climbSentence(facts, settings))).toBe(
    'Validation accuracy by epoch of fine-tuning, from 40.0 %; the network before pruning has 90.0 %. After 3 epochs the best is 70.0 %, in epoch 2. The learning rate was lowered after epoch 2. It ended: 15 epochs without gain.',
  );
  expect(climbSentence({ ...facts, best: null }, settings)).toContain('none was better than the start.');
  expect(plain(climbSentence({ ...facts, accuracies: [], steps: [], stop: null }, settings))).toMatch(
    /has 90\.0 %\.$/,
  );
});

test('every reason to stop has its words, made of the rules', () => {
  const words = ['excellent', 'acceptable', 'patience', 'epochs', 'stopped'].map((stop) =>
    plain(stopLabel(stop, settings)),
  );
  expect(words).toEqual([
    'within 1 point',
    'within 2 points, 5 epochs without gain',
    '15 epochs without gain',
    'all 50 epochs used',
    'stopped by hand',
  ]);
});

test('a neuron in few words', () => {
  const neuron = {
    unit: 37,
    title: 'Neuron 37',
    units: 128,
    place: 12,
    saliency: 1,
    dead: false,
    mean: 1,
    variance: 1,
    tops: [{ label: 1, value: 2, thumb: 0 }],
    classMeans: [],
    raises: [],
    lowers: [],
  };
  const say = (changes: Partial<typeof neuron>, gone: boolean) =>
    neuronSentence({ ...neuron, ...changes }, gone, ['Forest', 'River']);
  expect(say({}, false)).toBe('Neuron 37, goes 12th of 128, stays, alive, responds most to River');
  expect(say({ dead: true, tops: [] }, true)).toBe(
    'Neuron 37, goes 12th of 128, has gone, dead, responds to no validation tile',
  );
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '111th',
  ]);
});

test('speaks of either network only where there are two', () => {
  expect(plain(turnedSentence(240, 0.5, true, 'neuron'))).toContain(
    '50 % of the hidden neurons removed from either network',
  );
  expect(plain(turnedSentence(240, 0.5, false, 'heads'))).toMatch(
    /50 % of the heads removed from the network\.$/,
  );
});

test('what of a picture is seen', () => {
  const of = (side: number, width: number, height: number, notes: string[] = []) =>
    fitSentence({ side, size: 32 }, { width, height, notes });
  expect(of(64, 64, 64)).toBe('All 64×64 pixels, averaged to 32×32.');
  expect(of(718, 791, 718, ['transparency was dropped'])).toBe(
    'The middle 718×718 of 791×718 pixels, averaged to 32×32. Transparency was dropped.',
  );
  expect(of(32, 32, 40)).toBe('The middle 32×32 of 32×40 pixels.');
  expect(of(10, 10, 10)).toBe('All 10×10 pixels, enlarged to 32×32.');
});
