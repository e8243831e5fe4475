/** Hidden neurons behind a trunk under the slider: everything comes from what the convolutions have answered once. */
import { measureExtraction } from '../../lab/prune/neurons/extraction';
import { type PruneChoice, prune } from '../../lab/prune/neurons/prune';
import { checkHead, type Study } from '../../lab/prune/neurons/study';
import { finetuneSession } from '../../lab/prune/tuning/session';
import { unitCount } from '../../lab/prune/units/units';
import { neuronStep } from '../../lab/recipe/handmade';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import { PAGE_SCOPES, type Setting } from '../protocol/choices';
import type { Slider } from './slider';

/** `seed`: for the random method and for shuffling. */
export function neuronSlider(study: Study, seed: number): Slider {
  const { model, dataset, splits } = study;
  const choiceOf = ({ method, compensation, removed }: Setting): PruneChoice => ({
    ...{ method, compensation, seed },
    ratio: removed / unitCount(model),
  });
  // What a link says of another kind of network is no scope here.
  const scopeOf = ({ scope }: Setting) => PAGE_SCOPES.find((each) => each === scope) ?? 'head';
  const settingsOf = (setting: Setting) => ({
    ...finetuneSettingsSchema.parse({}),
    scope: scopeOf(setting),
  });
  return {
    ...{ model, dataset, splits, study, settingsOf },
    key: 'head',
    // biome-ignore lint/correctness/useYield: nothing to report.
    async *extract(setting) {
      return await measureExtraction(study, choiceOf(setting));
    },
    // biome-ignore lint/correctness/useYield: nothing to report.
    async *prune(setting) {
      const choice = choiceOf(setting);
      const { model: smaller } = prune(model, choice, study.statistics);
      const figures = { ...(await checkHead(study.turns, smaller)), baseline: study.baseline.accuracy };
      return { model: smaller, step: neuronStep(choice, figures) };
    },
    finetune: (setting, checkpointing) =>
      finetuneSession(study, choiceOf(setting), settingsOf(setting), checkpointing),
    stepOf: (setting, figures) => neuronStep(choiceOf(setting), figures),
  };
}
