import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { totalCost } from '../../src/lab/evaluate/cost';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { requireBlocks, requireFilters, requireHidden } from '../../src/lab/families/units';
import { requireFloat } from '../../src/lab/nn/model';
import { RANKINGS } from '../../src/lab/prune/blocks/rank';
import { BLOCK_UNITS } from '../../src/lab/prune/blocks/units';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../src/lab/prune/fields/choice';
import { BUDGETS } from '../../src/lab/prune/fields/rank';
import { CASCADES } from '../../src/lab/prune/neurons/cascade';
import { COMPENSATIONS } from '../../src/lab/prune/neurons/compensate';
import { keptCount, unitCount } from '../../src/lab/prune/units/units';
import { turnsIn } from '../../src/lab/recipe/figures';
import type { StageRecord } from '../../src/lab/stage/store';
import { continueNetworks, writeModel } from '../continue';
import { openAnyModel, openModel } from '../node/models';
import { columns, percent, sizeRows } from '../node/table';
import { AS_JSON, DATA, OTHER_SPLIT_SEED, QUIET, seedOption } from '../options';
import { dataFor, numberOption, oneOf, print } from '../work';
import { type BlockOptions, pruneBlocksVerb } from './pruneBlocks';
import { pruneFiltersVerb } from './pruneFilters';
import { outOf, pruneChannelsVerb, pruneFieldsVerb, pruneOrbitsVerb, ratioOf } from './pruneTrunk';

const UNITS = ['neurons', 'fields', 'orbits', 'channels', ...BLOCK_UNITS, 'filters'] as const;

interface Options extends BlockOptions {
  readonly units: string;
  readonly cascade: string;
}

/** Options that mean something for some units only. */
const OWN: Readonly<Record<string, readonly (typeof UNITS)[number][]>> = {
  budget: ['fields'],
  ring: ['orbits'],
  layer: ['fields', 'orbits', 'channels'],
  ranking: BLOCK_UNITS,
};

/** `prune <model>`: one really smaller network. */
export function prune(program: Command): void {
  program
    .command('prune <model>')
    .description(
      'remove hidden neurons, fields or spatial orbits of the convolutions, or hidden neurons and heads of a transformer, or filters of a network from elsewhere, ' +
        'and write the smaller network',
    )
    .option('--units <kind>', `${UNITS.join(' | ')} (channels one by one: the counter-example)`, 'neurons')
    .option('--ratio <p>', 'share of the units to remove, 0 … below 1', numberOption('ratio'))
    .option('--budget <quantity=share>', `of fields: what may stay of ${BUDGETS.join(' | ')}, like macs=0.5`)
    .option('--layer <n>', 'convolutions to prune, from 1, like 2 or 1,3; without it, of fields, all')
    .option(
      '--ranking <kind>',
      `of mlp and heads: ${RANKINGS.join(' | ')}; without it, over all blocks together`,
    )
    .option('--ring', 'of orbits: the outer ring of the kernel')
    .option('--method <id>', CRITERION_IDS.join(' | '), 'l2')
    .option(
      '--compensation <id>',
      `${COMPENSATIONS.join(' | ')}; of fields: ${FIELD_COMPENSATIONS.join(' | ')}`,
      'none',
    )
    .option('--cascade <kind>', 'aligned, or a counter-example: misaligned | re-initialised', 'aligned')
    .addOption(DATA)
    .option('--out <file>', 'where to write the pruned network (safetensors)')
    .addOption(seedOption('for the random criterion and a layer drawn anew'))
    .addOption(OTHER_SPLIT_SEED)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, options: Options) => {
      const units = oneOf('unit', options.units, UNITS);
      refuseOthers(units, options);
      if (units === 'mlp' || units === 'heads') {
        const model = requireBlocks(await openAnyModel(reference), `"${reference}"`);
        requireFloat(model);
        return pruneBlocksVerb(units, { model, title: reference }, options);
      }
      if (units === 'filters') {
        const model = requireFilters(await openAnyModel(reference), `"${reference}"`);
        requireFloat(model);
        return pruneFiltersVerb({ model, title: reference }, options);
      }
      if (units !== 'neurons') return pruneInside(units, reference, options);
      const [ratio, out] = [ratioOf(options), await outOf(options, reference)];
      const method = oneOf('pruning method', options.method, CRITERION_IDS);
      const compensation = oneOf('compensation', options.compensation, COMPENSATIONS);
      const cascade = oneOf('cascade', options.cascade, CASCADES);
      const model = await openModel(reference);
      keptCount(unitCount(model), ratio);
      const pruning = { kind: 'prune', ratio, method, compensation, cascade };
      const { records, ...done } = await continueNetworks(
        [{ model, title: reference }],
        () => [{ kind: 'check', part: 'val' }, pruning],
        options,
      );
      const smaller = requireHidden(done.model);
      const [before, after] = records.map((record, i) => figures(i === 0 ? model : smaller, record));
      await writeModel(out, smaller);
      const kept = records[1].kept as number[];
      const { splits } = done;
      print({ split: 'val', n: splits.val.length, before, after, kept }, options, () => [
        `${method}, compensation ${compensation}, ${cascade} cascade: ${kept.length} of ${unitCount(model)} hidden neurons kept`,
        '',
        ...columns([
          [`on ${splits.val.length} validation tiles`, 'before', 'after'],
          ['accuracy', percent(before.accuracy), percent(after.accuracy)],
          ['agreement', percent(before.agreement ?? 0), percent(after.agreement ?? 0)],
          ['parameters', before.params, after.params],
          ['multiply-adds', before.macs, after.macs],
          ...sizeRows(before, after),
        ]),
        '',
        `written to ${out}`,
      ]);
    });
}

async function pruneInside(
  units: 'fields' | 'orbits' | 'channels',
  reference: string,
  options: Options,
): Promise<void> {
  const model = await openModel(reference);
  requireFloat(model);
  const opened = { model, title: reference };
  if (units === 'fields') return pruneFieldsVerb(opened, options);
  if (units === 'orbits') return pruneOrbitsVerb(opened, options);
  return pruneChannelsVerb({ model, ...(await dataFor(model, options.data, options.splitSeed)) }, options);
}

function refuseOthers(units: (typeof UNITS)[number], options: Options): void {
  for (const [name, owners] of Object.entries(OWN)) {
    if (options[name as keyof Options] === undefined || owners.includes(units)) continue;
    throw new BadInput(`--${name} says nothing about ${units}: it is for --units ${owners.join(' or ')}.`);
  }
  const targets = [options.ratio, options.budget, options.ring].filter((each) => each !== undefined);
  if (targets.length > 1)
    throw new BadInput('--ratio, --budget and --ring exclude each other: give one of them.');
}

function figures(model: GcnnModel, record: StageRecord) {
  const { accuracy } = record;
  return { accuracy, ...turnsIn(record), ...totalCost(model.arch), units: unitCount(model) };
}
