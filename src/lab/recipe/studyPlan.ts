/**
 * A study as plain values: which networks one stage makes of the trained one, and what they are called. Each is pruned at
 * once; where the stage says so its head is fine-tuned on cached features, and of a few the whole network.
 */
import { z } from 'zod';
import { RANKINGS, type Ranking } from '../prune/blocks/rank';
import { BLOCK_UNITS, type BlockUnit } from '../prune/blocks/units';
import { CRITERION_IDS, type CriterionId } from '../prune/criteria';
import { FIELD_COMPENSATIONS, type FieldCompensation } from '../prune/fields/choice';
import { COMPENSATIONS, type Compensation } from '../prune/neurons/compensate';
import { ORBIT_METHODS, type OrbitMethod } from '../prune/orbits/choice';
import { finetuneSettingsSchema } from '../train/settings';
import { percents } from './percents';

const ratio = z.number().min(0).lt(1);
const ratios = z.array(ratio).min(1);
const methods = z.array(z.enum(CRITERION_IDS)).min(1);

const blocksShape = z.strictObject({
  methods: methods.describe('Criteria.'),
  compensations: z.array(z.enum(COMPENSATIONS)).min(1).describe('What takes their place.'),
  ranking: z.enum(RANKINGS).default('network').describe('As in `prune-blocks`.'),
});

/** What a `study` stage says: the network at hand is pruned in every way named, and each measured on test tiles too. */
export const studyShape = {
  ratios: ratios.describe('Shares of the units to remove.'),
  neurons: z
    .strictObject({
      methods: methods.describe('Criteria.'),
      compensations: z.array(z.enum(COMPENSATIONS)).min(1).describe('What takes their place.'),
    })
    .optional()
    .describe('Hidden neurons.'),
  fields: z
    .strictObject({
      methods: methods.describe('Criteria.'),
      compensations: z.array(z.enum(FIELD_COMPENSATIONS)).min(1).describe('What takes their place.'),
    })
    .optional()
    .describe('Whole fields of every layer.'),
  mlp: blocksShape.optional().describe('Hidden neurons of a transformer’s MLPs.'),
  heads: blocksShape.optional().describe('Heads of a transformer.'),
  orbits: z
    .strictObject({
      methods: z.array(z.enum(ORBIT_METHODS)).min(1).describe('Criteria.'),
      ring: z.boolean().describe('The outer ring of each kernel as well.'),
    })
    .optional()
    .describe('Spatial orbits of every layer’s kernel.'),
  channels: z
    .strictObject({
      methods: methods.describe('Criteria.'),
      layer: z.int().min(1).describe('Which convolution, from 1.'),
    })
    .optional()
    .describe('The counter-example: single channels, which leave no network.'),
  head: finetuneSettingsSchema
    .nullable()
    .describe('Fine-tuning of the head for every network but the counter-example; null: none.'),
  network: z
    .strictObject({
      ratios: ratios.describe('Which of them.'),
      ways: z
        .array(
          z.strictObject({
            method: z.enum(CRITERION_IDS).describe('A criterion.'),
            compensation: z
              .enum([...COMPENSATIONS, ...FIELD_COMPENSATIONS])
              .describe('What takes the place of what is removed.'),
          }),
        )
        .min(1)
        .describe('Which ways to prune.'),
      settings: finetuneSettingsSchema.describe('Its settings.'),
    })
    .nullable()
    .describe('Fine-tuning of the whole network for some of them (and for the ring); null: none.'),
};
const studySettings = z.strictObject(studyShape);
export type StudySettings = z.infer<typeof studySettings>;

export const STUDY_UNITS = ['neurons', 'fields', 'orbits', 'channels', ...BLOCK_UNITS] as const;

/** One way to prune. */
export type StudyCell =
  | {
      readonly units: 'neurons';
      readonly method: CriterionId;
      readonly compensation: Compensation;
      readonly ratio: number;
    }
  | {
      readonly units: 'fields';
      readonly method: CriterionId;
      readonly compensation: FieldCompensation;
      readonly ratio: number;
    }
  | BlockCell
  | { readonly units: 'orbits'; readonly method: OrbitMethod; readonly ratio: number }
  | { readonly units: 'orbits'; readonly ratio: 'ring' }
  | {
      readonly units: 'channels';
      readonly method: CriterionId;
      readonly layer: number;
      readonly ratio: number;
    };

/** … inside the blocks of a transformer. */
export interface BlockCell {
  readonly units: BlockUnit;
  readonly method: CriterionId;
  readonly compensation: Compensation;
  readonly ranking: Ranking;
  readonly ratio: number;
}

export const isBlockCell = (cell: StudyCell): cell is BlockCell =>
  cell.units === 'mlp' || cell.units === 'heads';

/** What was fine-tuned after pruning. */
export const TUNINGS = ['none', 'head', 'network'] as const;
export type Tuning = (typeof TUNINGS)[number];

/** Every way to prune of a stage, in order. */
export function studyCells(stage: StudySettings): StudyCell[] {
  const { neurons, fields, orbits, channels } = stage;
  return [
    ...eachOf(stage.ratios, neurons, 'neurons'),
    ...eachOf(stage.ratios, fields, 'fields'),
    ...BLOCK_UNITS.flatMap((units) => {
      const { ranking, ...ways } = stage[units] ?? {};
      return eachOf(stage.ratios, ways, units).map((cell) => ({ ...cell, ranking }));
    }),
    ...(orbits?.methods ?? []).flatMap((method) =>
      stage.ratios.map((ratio) => ({ units: 'orbits' as const, method, ratio })),
    ),
    ...(orbits?.ring ? [{ units: 'orbits' as const, ratio: 'ring' as const }] : []),
    ...(channels?.methods ?? []).flatMap((method) =>
      stage.ratios.map((ratio) => ({ units: 'channels' as const, method, layer: channels!.layer, ratio })),
    ),
  ] as StudyCell[];
}

type Ways = { readonly methods: readonly string[]; readonly compensations: readonly string[] };

function eachOf(
  shares: readonly number[],
  choices: Partial<Ways> | undefined,
  units: 'neurons' | 'fields' | BlockUnit,
) {
  return (choices?.methods ?? []).flatMap((method) =>
    choices!.compensations!.flatMap((compensation) =>
      shares.map((share) => ({ units, method, compensation, ratio: share })),
    ),
  );
}

/** How a cell's networks are fine-tuned, untouched first. */
export function tuningsOf({ head, network }: StudySettings, cell: StudyCell): Tuning[] {
  if (cell.units === 'channels') return ['none'];
  const isChosen =
    network !== null &&
    (cell.ratio === 'ring' ||
      ('compensation' in cell &&
        network.ratios.includes(cell.ratio) &&
        network.ways.some((way) => way.method === cell.method && way.compensation === cell.compensation)));
  return ['none', ...(head ? (['head'] as const) : []), ...(isChosen ? (['network'] as const) : [])];
}

/** The name of a network in the store: `fields variance mean 50%`, fine-tuned `… head` or `… network`. */
export function studyName(cell: StudyCell, tuning: Tuning): string {
  const { units, ratio: share } = cell;
  const method = 'method' in cell ? ` ${cell.method}` : '';
  const compensation = 'compensation' in cell ? ` ${cell.compensation}` : '';
  const amount = share === 'ring' ? 'ring' : percents(share);
  const where = 'ranking' in cell && cell.ranking === 'block' ? ' per block' : '';
  return `${units}${method}${compensation} ${amount}${where}${tuning === 'none' ? '' : ` ${tuning}`}`;
}

export interface StudyNetwork {
  readonly name: string;
  readonly cell: StudyCell;
  readonly tuning: Tuning;
}

/** The counter-example leaves none that a file could hold. */
export const leavesNetwork = ({ cell }: StudyNetwork): boolean => cell.units !== 'channels';

/** Every network of a stage with its name. */
export function studyNetworks(stage: StudySettings): StudyNetwork[] {
  return studyTasks(stage).flatMap(({ cell, tunings }) =>
    tunings.map((tuning) => ({ name: studyName(cell, tuning), cell, tuning })),
  );
}

/** What is done in one go: every cell with its head first, since fine-tuning whole networks takes the longest. */
export function studyTasks(
  stage: StudySettings,
): { readonly cell: StudyCell; readonly tunings: readonly Tuning[] }[] {
  const cells = studyCells(stage);
  const pass = (chosen: readonly Tuning[]) =>
    cells.map((cell) => ({ cell, tunings: tuningsOf(stage, cell).filter((each) => chosen.includes(each)) }));
  return [...pass(['none', 'head']), ...pass(['network'])].filter(({ tunings }) => tunings.length > 0);
}
