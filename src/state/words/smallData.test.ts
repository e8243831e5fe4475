import { expect, test } from 'vitest';
import { ratesSentence, turnsSentence } from './smallData';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');

test('turned tiles are the same to a network or they are not, as measured', () => {
  const same = { tiles: 48, losses: [2.3, 2.3, 2.3000001, 2.3], apart: 4e-8, isSame: true };
  expect(plain(turnsSentence(same))).toBe(
    'Turning tells this network nothing: measured on 48 training tiles, before it has learnt anything, its loss is 2.30000 at all four turns, the same number. It is built so.',
  );
  const other = { tiles: 1, losses: [2.3, 2.5, 2.2, 2.4], apart: 0.13, isSame: false };
  expect(plain(turnsSentence(other))).toContain(
    'measured on 1 training tile, before it has learnt anything, its loss is between 2.20000 and 2.50000',
  );
});

test('a sweep says where its rate comes from, or that there is none', () => {
  const points = Array.from({ length: 60 }, (_, i) => ({ rate: (i + 1) / 1000, loss: 2 }));
  const sweep = { points, chosen: 0.008, least: { rate: 0.032, loss: 1 }, tiles: 720, batch: 32 };
  expect(plain(ratesSentence(sweep))).toBe(
    'In 60 steps of 32 tiles, over 720 training tiles, the loss is least at a learning rate of 0.032 and rises above it. A quarter of that, 0.008, is on the safe side.',
  );
  expect(plain(ratesSentence({ ...sweep, chosen: null }))).toMatch(/never fell in 60 steps/);
});
