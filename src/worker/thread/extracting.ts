/** Pruning for real at one position of the slider: the masked network against the extracted one, its file, and what goes wrong where it is done wrongly. */
import { BadInput } from '../../lab/errors';
import { encodeModel } from '../../lab/files/modelFile';
import { cascadeChecks, orbitChecks } from '../../lab/prune/counterexamples/checks';
import { measureExtraction } from '../../lab/prune/neurons/extraction';
import { type PruneChoice, prune } from '../../lab/prune/neurons/prune';
import { checkHead, type Study } from '../../lab/prune/neurons/study';
import { unitCount } from '../../lab/prune/units/units';
import { type HandStep, neuronStep } from '../../lab/recipe/handmade';
import type { Provenance } from '../../lab/recipe/provenance';
import type { NetName, Setting } from '../protocol/protocol';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';

/** What the worker has opened under a name; `seed` is for the random method. */
export interface OpenStudy {
  readonly study: Study;
  readonly seed: number;
  /** The origin of what steps by hand left of its network. */
  tellOrigin(steps: readonly HandStep[]): Provenance;
}

/** The pruning that a setting of the page stands for. */
export function choiceOf(
  { method, compensation, removed }: Setting,
  { study, seed }: OpenStudy,
): PruneChoice {
  return { method, compensation, ratio: removed / unitCount(study.model), seed };
}

/** `opened` finds what was opened last. */
export function createExtractHandlers(
  opened: (net: NetName) => OpenStudy | undefined,
): Pick<Handlers, 'extract' | 'cascades' | 'orbits' | 'pruned'> {
  const need = (net: NetName): OpenStudy => {
    const found = opened(net);
    if (!found) throw new BadInput('Open a network before pruning it.');
    return found;
  };
  return {
    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *extract({ net, setting }) {
      const found = need(net);
      return measureExtraction(found.study, choiceOf(setting, found));
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *cascades({ net, setting }) {
      const found = need(net);
      return cascadeChecks(found.study, choiceOf(setting, found));
    },

    async *orbits({ net }) {
      const { study, seed } = need(net);
      return yield* dropCheckpoints(orbitChecks(study, seed));
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *pruned({ net, setting }) {
      const found = need(net);
      const choice = choiceOf(setting, found);
      const { study } = found;
      const { model } = prune(study.model, choice, study.statistics);
      const figures = { ...(await checkHead(study.turns, model)), baseline: study.baseline.accuracy };
      return encodeModel({ ...model, provenance: found.tellOrigin([neuronStep(choice, figures)]) });
    },
  };
}
