import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finetunePlan } from '../train/finetune';
import { finetuneSettingsSchema } from '../train/settings';
import { type EpochRecord, rateDrops } from './history';

test('the steps of the learning rate are found where the plan takes them', () => {
  const settings = finetuneSettingsSchema.parse({ plateauPatience: 1 });
  const plan = finetunePlan(settings, 1, { hidden: 4, dropout: 0 }, 1);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 }), (accuracies) => {
      const history: EpochRecord[] = [];
      for (const accuracy of accuracies) {
        const learningRate = plan.learningRate(history, 0, 1);
        const epoch = history.length + 1;
        history.push({ epoch, accuracy, learningRate, loss: 0, validationLoss: 0, seconds: 0 });
      }
      const drops = rateDrops(history);
      const halvings = Math.log2(
        settings.learningRate / (history.at(-1)?.learningRate ?? settings.learningRate),
      );
      expect(drops.length).toBe(Math.round(halvings));
      for (const { epoch, by } of drops) {
        expect(by).toBeCloseTo(2, 9);
        expect(history[epoch].learningRate).toBeLessThan(history[epoch - 1].learningRate);
      }
    }),
  );
});
