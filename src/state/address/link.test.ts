import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FITS } from '../../lab/pictures/cut';
import { RANKINGS } from '../../lab/prune/blocks/rank';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import { WAYS } from '../../lab/tasks/adapting';
import { BACKENDS, PAGE_SCOPES } from '../../worker/protocol/choices';
import { DEFAULT_ADAPTING } from '../adapt/plan';
import { DEFAULT_FIELDS } from '../fields/fields';
import { DEFAULT_ORBITS } from '../orbit/place';
import { PART_NAMES, SIZES } from '../page/flags';
import { VIEWS } from '../page/view';
import { DEFAULT_PIPELINE } from '../pipeline/pipeline';
import { DEFAULT_SETTING } from '../prune/experiment';
import { DEFAULT_WAY } from '../prune/way';
import { CELLS, DEFAULT_TURNING, OVERLAPS } from '../rotate/turning';
import { DEFAULT_TASKS, MOST, STEPS, TABS } from '../tasks/form';
import { adaptings } from '../testing/adaptings';
import { fieldsForms } from '../testing/fieldsForms';
import { pipelines } from '../testing/pipelines';
import { plans, seeds } from '../testing/plans';
import { ownChoices } from '../train/designs';
import { DEFAULT_PLAN } from '../train/plan';
import { backendFrom, flagsFrom, hashOf, type Place, placeFrom, searchOf } from './link';

const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const subject = fc.oneof(
  fc.record({ kind: fc.constant('pair' as const), id: fc.option(id) }),
  fc.record({ kind: fc.constant('run' as const), id, peer: fc.option(id) }),
  fc.record({
    kind: fc.constant('run' as const),
    id,
    stage: fc.constantFrom('prune l2 none 50%', 'finetune: mine + yours, 1/2'),
    peer: fc.option(id),
  }),
  fc.record({ kind: fc.constant('file' as const), id }),
);
const orbit = {
  field: fc.option(fc.nat(500)),
  torn: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
  mirrored: fc.boolean(),
};
const place: fc.Arbitrary<Place> = fc.record({
  view: fc.constantFrom(...VIEWS),
  subject,
  seed: seeds,
  setting: fc.record({
    method: fc.constantFrom(...CRITERION_IDS),
    compensation: fc.constantFrom(...COMPENSATIONS),
    scope: fc.constantFrom(...PAGE_SCOPES),
  }),
  ratio: fc.integer({ min: 0, max: 99_999 }).map((n) => n / 100_000),
  way: fc.record({ unit: fc.constantFrom(...BLOCK_UNITS), ranking: fc.constantFrom(...RANKINGS) }),
  plan: plans,
  pipeline: pipelines,
  adapting: adaptings,
  lesson: fc.option(
    fc.record({
      id: fc.stringMatching(/^[a-z-]{1,12}$/),
      step: fc.integer({ min: 1, max: 99 }),
      presenting: fc.boolean(),
    }),
  ),
  turning: fc.record({
    angle: fc.integer({ min: 0, max: 359 }),
    nets: fc.option(
      fc.array(
        fc.oneof(
          id,
          fc.uuid().map((run) => `run:${run}:finetune l2 50%`),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    ),
    sample: id,
    part: fc.oneof(fc.constantFrom(null, ...FITS), fc.integer({ min: 0, max: 5000 })),
    overlap: fc.constantFrom(...OVERLAPS),
    cell: fc.integer({ min: CELLS.least, max: CELLS.most }),
  }),
  orbits: fc.record({
    tile: fc.record(orbit),
    bench: fc.record({ ...orbit, angle: fc.integer({ min: 0, max: 359 }) }),
  }),
  fields: fieldsForms,
  tasks: fc.record({
    tab: fc.constantFrom(...TABS),
    way: fc.constantFrom(...WAYS),
    lambda: fc.constantFrom(0.03, 0.1, 0.3, 1, 3, 10),
    seed: fc.nat(MOST),
    flow: fc.nat(MOST),
    step: fc.nat(STEPS),
    show: fc.constantFrom('vorticity' as const, 'speed' as const),
    turns: fc.nat(3),
    mirror: fc.constantFrom('no' as const, 'yes' as const),
    move: fc.constantFrom('no' as const, 'yes' as const),
    scene: fc.nat(MOST),
    confidence: fc.integer({ min: 5, max: 95 }).map((n) => n / 100),
  }),
  wrong: fc.option(fc.constantFrom('val', 'test')),
  report: fc.option(fc.stringMatching(/^[a-z0-9]{1,6}-[a-z0-9-]{1,6}$/)),
});

test('a place survives the address bar', () => {
  fc.assert(
    fc.property(place, (each) => {
      expect(placeFrom(hashOf(each))).toEqual(each);
    }),
  );
});

test('what is missing or misspelt takes its default, field by field', () => {
  const { removed: _, ...setting } = DEFAULT_SETTING;
  const nothing = {
    view: 'prune',
    subject: { kind: 'pair', id: null },
    seed: 1,
    setting,
    ratio: 0,
    way: DEFAULT_WAY,
    lesson: null,
    wrong: null,
    report: null,
  };
  expect(placeFrom('')).toEqual({
    ...nothing,
    plan: DEFAULT_PLAN,
    pipeline: DEFAULT_PIPELINE,
    adapting: DEFAULT_ADAPTING,
    turning: DEFAULT_TURNING,
    orbits: DEFAULT_ORBITS,
    fields: DEFAULT_FIELDS,
    tasks: DEFAULT_TASKS,
  });
  expect(
    placeFrom(
      '#view=cook&method=magic&ratio=1.5&seed=x&scope=output&train.epochs=many&train.seed=7&pipe.arch=tiny&pipe.ratio=1&pipe.tune=any&adapt.penalty=features&adapt.seeds=4&adapt.augmented=yes&adapt.project=maybe&lesson=<b>&step=0&rotate.angle=400&rotate.part=12&rotate.nets=,&rotate.filter=7&rotate.torn=2,0,2&rotate.mirrored=maybe&orbit.filter=0&orbit.torn=8&orbit.angle=360&fields.units=wheels&fields.removed=0.25&task.tab=ships&task.turns=2&task.step=21&wrong=both&report=mine.json',
    ),
  ).toEqual({
    ...nothing,
    setting: { ...setting, scope: 'output' },
    tasks: { ...DEFAULT_TASKS, turns: 2 },
    plan: { ...DEFAULT_PLAN, seed: 7 },
    pipeline: { ...DEFAULT_PIPELINE, ...ownChoices('tiny'), hidden: 6, tune: 'any' },
    adapting: { ...DEFAULT_ADAPTING, penalty: 'features', augmented: 'yes' },
    turning: { ...DEFAULT_TURNING, part: 12 },
    orbits: { ...DEFAULT_ORBITS, tile: { field: 6, torn: [0, 2], mirrored: false } },
    fields: { ...DEFAULT_FIELDS, removed: 0.25 },
  });
});

test('the query survives, and keeps what others put there', () => {
  const flags = fc.record({
    hidden: fc.subarray(PART_NAMES).map((parts) => new Set(parts)),
    size: fc.constantFrom(...SIZES),
  });
  fc.assert(
    fc.property(fc.constantFrom(...BACKENDS), flags, (backend, each) => {
      const search = searchOf('?utm=class', backend, each);
      expect(flagsFrom(search)).toEqual(each);
      expect(backendFrom(search)).toBe(backend);
      expect(search).toContain('utm=class');
    }),
  );
  expect(searchOf('?hide=tile&size=projector', 'auto', { hidden: new Set(), size: 'normal' })).toBe('');
});
