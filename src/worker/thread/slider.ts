/**
 * What stands under the slider: a network, and all that can be done with the units it offers (`sliderUnits` in
 * families/units.ts). Who fine-tunes, extracts and saves asks through this and never which units these are.
 */
import type { Dataset, Splits } from '../../lab/data/dataset';
import { BadInput } from '../../lab/errors';
import type { AnyModel } from '../../lab/nn/model';
import type { Extraction } from '../../lab/prune/neurons/extraction';
import type { Study } from '../../lab/prune/neurons/study';
import type { Checkpointing } from '../../lab/prune/tuning/keptTuning';
import type { SessionResult } from '../../lab/prune/tuning/session';
import type { HandStep } from '../../lab/recipe/handmade';
import type { Provenance } from '../../lab/recipe/provenance';
import type { Stage } from '../../lab/stage/events';
import type { FinetuneSettings } from '../../lab/train/settings';
import type { Setting } from '../protocol/choices';

export interface Slider {
  readonly model: AnyModel;
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** Says what is removed and how it is ranked, in the names of what is kept. */
  readonly key: string;
  /** Of hidden neurons behind convolutions: their study, from which Fields and the lessons go on; else null. */
  readonly study: Study | null;
  /** How a setting is fine-tuned. */
  settingsOf(setting: Setting): FinetuneSettings;
  extract(setting: Setting): Stage<Extraction>;
  /** The really smaller network, not fine-tuned, and the step that made it. */
  prune(setting: Setting): Stage<{ readonly model: AnyModel; readonly step: HandStep }>;
  finetune(setting: Setting, checkpointing: Checkpointing): Stage<SessionResult>;
  /** The pruning alone, as a recipe says it. */
  stepOf(setting: Setting, figures: HandStep['figures']): HandStep;
}

/** What the worker has opened under a name. */
export interface OnBench {
  readonly slider: Slider;
  /** For the random method and for shuffling. */
  readonly seed: number;
  /** Changes with the network. */
  readonly fingerprint: string;
  /** The origin of what steps by hand left of its network. */
  tellOrigin(steps: readonly HandStep[]): Provenance;
}

/** The study of hidden neurons; throws `BadInput` where what is removed stands inside blocks. */
export function needStudy({ slider: { study, model } }: Pick<OnBench, 'slider'>): Study {
  if (study) return study;
  throw new BadInput(
    `"${model.arch.id}" has no hidden neurons behind convolutions, which this is about: open a network of convolutions.`,
  );
}
