/** Any state of the Fields view's controls. */
import fc from 'fast-check';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../lab/prune/fields/choice';
import { TRUNK_UNITS } from '../../lab/prune/trunk/choice';
import { type FieldsForm, TARGETS } from '../fields/fields';

const layer = fc.integer({ min: 1, max: 32 });

export const fieldsForms: fc.Arbitrary<FieldsForm> = fc.record({
  units: fc.constantFrom(...TRUNK_UNITS),
  method: fc.constantFrom(...CRITERION_IDS),
  compensation: fc.constantFrom(...FIELD_COMPENSATIONS),
  by: fc.constantFrom(...TARGETS),
  removed: fc.integer({ min: 0, max: 99 }).map((percent) => percent / 100),
  layers: fc.oneof(
    fc.constant('all'),
    fc.array(layer, { minLength: 1, maxLength: 4 }).map((layers) => layers.join(',')),
  ),
  layer,
  orbits: fc.constantFrom('share', 'ring'),
  scope: fc.constantFrom('head', 'network'),
  steps: fc.integer({ min: 1, max: 20 }),
  distil: fc.constantFrom('no', 'yes'),
});
