/** Any pipeline the form can hold, for property tests. */
import fc from 'fast-check';
import { INT8_LAYERS, INT8_RANGES } from '../../lab/nn/arch';
import { RANKINGS } from '../../lab/prune/blocks/rank';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../lab/prune/fields/choice';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import { SCOPES } from '../../lab/train/settings';
import { type PipelinePlan, worksOnBlocks } from '../pipeline/pipeline';
import { plans, seeds } from './plans';

/** A student of no neurons has no α and T, so they are as nobody changed them. */
export const pipelines: fc.Arbitrary<PipelinePlan> = fc
  .tuple(
    plans,
    fc.record({
      seed: seeds,
      hidden: fc.integer({ min: 0, max: 65536 }),
      alpha: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      temperature: fc.double({ min: 1e-3, max: 100, noNaN: true }),
      method: fc.constantFrom(...CRITERION_IDS),
      compensation: fc.constantFrom(...COMPENSATIONS),
      fieldShare: fc.integer({ min: 0, max: 999 }).map((n) => n / 1000),
      fieldMethod: fc.constantFrom(...CRITERION_IDS),
      fieldCompensation: fc.constantFrom(...FIELD_COMPENSATIONS),
      ratio: fc.integer({ min: 0, max: 999 }).map((n) => n / 1000),
      units: fc.constantFrom(...BLOCK_UNITS),
      ranking: fc.constantFrom(...RANKINGS),
      scope: fc.constantFrom(...SCOPES),
      tune: fc.constantFrom('drop' as const, 'any' as const),
      layers: fc.constantFrom(...INT8_LAYERS),
      range: fc.constantFrom(...INT8_RANGES),
    }),
  )
  .map(([plan, own]) => ({ ...plan, ...own }))
  .map((plan) => {
    const inBlocks = worksOnBlocks(plan, null);
    // What a kind of network does not have is as nobody changed it.
    const form = inBlocks
      ? { ...plan, hidden: 0, fieldShare: 0, scope: 'network' as const }
      : { ...plan, units: 'mlp' as const, ranking: 'network' as const };
    return {
      ...form,
      ...(form.fieldShare === 0 && { fieldMethod: 'l2' as const, fieldCompensation: 'norms' as const }),
      ...(form.hidden === 0 && { alpha: 0.5, temperature: 4 }),
    };
  });
