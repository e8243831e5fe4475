/** Pruning for real at one position of the slider: the masked network against the extracted one, its file, and what goes wrong where it is done wrongly. */
import { BadInput } from '../../lab/errors';
import { encodeModel } from '../../lab/files/modelFile';
import { cascadeChecks, orbitChecks } from '../../lab/prune/counterexamples/checks';
import { unitCount } from '../../lab/prune/units/units';
import type { NetName } from '../protocol/choices';
import type { Handlers } from './host';
import { dropCheckpoints } from './reporting';
import { needStudy, type OnBench } from './slider';

/** `opened` finds what was opened last. */
export function createExtractHandlers(
  opened: (net: NetName) => OnBench | undefined,
): Pick<Handlers, 'extract' | 'cascades' | 'orbits' | 'pruned'> {
  const need = (net: NetName): OnBench => {
    const found = opened(net);
    if (!found) throw new BadInput('Open a network before pruning it.');
    return found;
  };
  return {
    async *extract({ net, setting }) {
      return yield* dropCheckpoints(need(net).slider.extract(setting));
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *cascades({ net, setting: { method, compensation, removed } }) {
      const found = need(net);
      const study = needStudy(found);
      const ratio = removed / unitCount(study.model);
      return await cascadeChecks(study, { method, compensation, ratio, seed: found.seed });
    },

    async *orbits({ net }) {
      const found = need(net);
      return yield* dropCheckpoints(orbitChecks(needStudy(found), found.seed));
    },

    async *pruned({ net, setting }) {
      const { slider, tellOrigin } = need(net);
      const { model, step } = yield* dropCheckpoints(slider.prune(setting));
      return encodeModel({ ...model, provenance: tellOrigin([step]) });
    },
  };
}
