/** `prune --units fields | orbits | channels`: inside the equivariant convolutions. */
import type { Dataset, Splits } from '../../src/lab/data/dataset';
import { BadInput } from '../../src/lab/errors';
import { layerCosts, totalCost } from '../../src/lab/evaluate/cost';
import { latencies } from '../../src/lab/evaluate/latency';
import { QUARTERS, type RotationCheck, rotationCheck } from '../../src/lab/evaluate/rotation';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { requireHidden } from '../../src/lab/families/units';
import type { AnyArch } from '../../src/lab/nn/arch';
import type { AnyModel } from '../../src/lab/nn/model';
import { pruneChannels } from '../../src/lab/prune/counterexamples/channels';
import { CRITERION_IDS } from '../../src/lab/prune/criteria';
import { FIELD_COMPENSATIONS, requireBlocks } from '../../src/lab/prune/fields/choice';
import { BUDGETS, type Budget } from '../../src/lab/prune/fields/rank';
import { ORBIT_METHODS } from '../../src/lab/prune/orbits/choice';
import { expandToGrid } from '../../src/lab/prune/orbits/prune';
import { keptCount } from '../../src/lab/prune/units/units';
import {
  type ContinueOptions,
  continueNetworks,
  type HiddenAtHand,
  type Outcome,
  writeModel,
} from '../continue';
import { startNodeBackend } from '../node/backend';
import { requirePlaceFor } from '../node/files';
import { runStage } from '../node/runStage';
import { columns, percent, sizeRows } from '../node/table';
import { oneOf, print } from '../work';

export interface TrunkOptions extends ContinueOptions {
  readonly ratio?: number;
  readonly budget?: string;
  readonly ring?: boolean;
  readonly layer?: string;
  readonly method: string;
  readonly compensation: string;
  readonly out?: string;
}

interface Opened {
  readonly model: GcnnModel;
  readonly dataset: Dataset;
  readonly splits: Splits;
}

/** Removes whole fields, of each layer or under a budget. */
export async function pruneFieldsVerb(network: HiddenAtHand, options: TrunkOptions): Promise<void> {
  const { blocks } = network.model.arch;
  const method = oneOf('pruning method', options.method, CRITERION_IDS);
  const compensation = oneOf('compensation of fields', options.compensation, FIELD_COMPENSATIONS);
  const layers = layersOf(options);
  const budget = options.budget === undefined ? undefined : parsedBudget(options.budget);
  const ratio = budget ? 1 - budget.share : ratioOf(options);
  if (layers) requireBlocks(network.model, layers);
  const out = await outOf(options, network.title);
  const step = { kind: 'prune-fields', ratio, method, compensation, budget: budget?.of, layers };
  const done = await continueNetworks([network], () => [step], options);
  const kept = done.records[0].kept as number[][];
  const sizes = kept.map(({ length }, i) => `${length} of ${blocks[i].fields}`);
  const { reached } = done.records[0] as { reached?: { share: number } };
  const inTime = reached
    ? `; it took ${percent(reached.share)} of the unpruned network's time when it was measured again after the choice`
    : '';
  const heading = `${method}, compensation ${compensation}: ${sizes.join(', ')} fields kept${inTime}`;
  await report(network.model, done, { kept, ...(reached && { reached }) }, heading, out, options);
}

/** Removes spatial orbits of one layer's kernel. */
export async function pruneOrbitsVerb(network: HiddenAtHand, options: TrunkOptions): Promise<void> {
  const { model } = network;
  const layer = oneLayer(options);
  const target = options.ring
    ? ('ring' as const)
    : { ratio: ratioOf(options), method: oneOf('pruning method of orbits', options.method, ORBIT_METHODS) };
  const out = await outOf(options, network.title);
  requireBlocks(model, [layer]);
  const done = await continueNetworks([network], () => [{ kind: 'prune-orbits', layer, target }], options);
  const [kept] = done.records[0].kept as number[][];
  const { kernel } = requireHidden(done.model).arch.blocks[layer - 1];
  const before = model.arch.blocks[layer - 1].kernel;
  const grid =
    model.arch.filters === 'grid'
      ? ''
      : `; put on the grid first (${totalCost(model.arch).params} → ${totalCost(expandToGrid(model).arch).params} parameters)`;
  const executed =
    kernel === before ? 'executes as many multiply-adds as before' : `is now ${kernel}×${kernel}`;
  const heading = `layer ${layer}: ${kept.length} orbits kept, its ${before}×${before} kernel ${executed}${grid}`;
  await report(model, done, { kept }, heading, out, options);
}

/** The counter-example: single channels silenced, beside whole fields. Nothing is written. */
export async function pruneChannelsVerb(
  { model, dataset, splits }: Opened,
  options: TrunkOptions,
): Promise<void> {
  const method = oneOf('pruning method', options.method, CRITERION_IDS);
  const choice = { method, ratio: ratioOf(options), block: oneLayer(options), seed: options.seed ?? 1 };
  if (options.out !== undefined) {
    throw new BadInput(
      'Naive channel pruning leaves no network of the same group that could be written: leave out --out, or prune fields.',
    );
  }
  requireBlocks(model, [choice.block]);
  await startNodeBackend();
  const { removed, brokenFields, ...checks } = await runStage(
    pruneChannels(model, dataset, splits, choice),
    options,
  );
  const { whole, channels, fields } = checks;
  const row = (name: string, value: (check: typeof whole) => string) => [
    name,
    ...[whole, channels, fields].map(value),
  ];
  print({ ...choice, removed: Array.from(removed), brokenFields, ...checks }, options, () => [
    `${method}: ${removed.length} channels of layer ${choice.block} silenced one by one; ${brokenFields} fields lost some of their orientations`,
    '',
    ...columns([
      [`on ${whole.n} validation tiles`, 'unpruned', 'single channels', 'whole fields'],
      row('accuracy', ({ angles }) => percent(angles[0].accuracy)),
      row('same answer at all turns', ({ agreement }) => percent(agreement)),
      ...whole.equivarianceError.map(({ layer }, i) =>
        row(`equivariance error, ${layer}`, ({ equivarianceError }) =>
          equivarianceError[i].max.toExponential(1),
        ),
      ),
    ]),
  ]);
}

/** Writes the smaller network, and tells what shrank: by layer, and in accuracy and time. */
export async function report(
  model: AnyModel,
  { dataset, splits, model: smaller }: Outcome,
  detail: object,
  heading: string,
  out: string,
  options: ContinueOptions,
): Promise<void> {
  const check = (each: AnyModel) => runStage(rotationCheck(each, dataset, splits.val, QUARTERS), options);
  const [was, is] = [await check(model), await check(smaller)];
  const [secondsBefore, secondsAfter] = await latencies([model.arch, smaller.arch]);
  await writeModel(out, smaller);
  const before = { ...figures(was), ...totalCost(model.arch), secondsPerTile: secondsBefore };
  const after = { ...figures(is), ...totalCost(smaller.arch), secondsPerTile: secondsAfter };
  const layers = layerRows(model.arch, smaller.arch);
  print({ split: 'val', n: splits.val.length, ...detail, before, after, layers }, options, () => [
    heading,
    '',
    ...columns([
      ['layer', 'parameters', '⇒', 'multiply-adds', '⇒'],
      ...layers.map((each) => [each.name, each.params[0], each.params[1], each.macs[0], each.macs[1]]),
    ]),
    '',
    ...columns([
      [`on ${splits.val.length} validation tiles`, 'before', 'after'],
      ['accuracy', percent(before.accuracy), percent(after.accuracy)],
      ['same answer at all turns', percent(before.agreement), percent(after.agreement)],
      ['equivariance error', before.error.toExponential(1), after.error.toExponential(1)],
      ['parameters', before.params, after.params],
      ['multiply-adds', before.macs, after.macs],
      ...sizeRows(before, after),
      [
        'milliseconds per tile here',
        (1000 * before.secondsPerTile).toFixed(2),
        (1000 * after.secondsPerTile).toFixed(2),
      ],
    ]),
    '',
    `written to ${out}`,
  ]);
}

function figures({ angles, agreement, equivarianceError }: RotationCheck) {
  const error = Math.max(...equivarianceError.map(({ max }) => max));
  return { accuracy: angles[0].accuracy, agreement, error, equivarianceError };
}

function layerRows(before: AnyArch, after: AnyArch) {
  const smaller = layerCosts(after);
  return layerCosts(before).map(({ name, params, macs }, i) => ({
    name,
    params: [params, smaller[i].params] as const,
    macs: [macs, smaller[i].macs] as const,
  }));
}

/** `params=0.5`: the share of the unpruned network that may stay. */
function parsedBudget(text: string): Budget {
  const [name, share, ...rest] = text.split('=');
  const value = Number(share);
  if (rest.length > 0 || !share?.trim() || !Number.isFinite(value)) {
    throw new BadInput(
      `--budget needs a quantity and a share that may stay, like params=0.5, not "${text}".`,
    );
  }
  return { of: oneOf('budget', name, BUDGETS), share: value };
}

export function ratioOf({ ratio }: TrunkOptions): number {
  if (ratio === undefined) throw new BadInput('Say how much is to go: --ratio 0.5, for example.');
  keptCount(1, ratio);
  return ratio;
}

/** Where to write to; not over the network that is pruned. */
export async function outOf({ out }: TrunkOptions, reference: string): Promise<string> {
  if (out === undefined)
    throw new BadInput('Say where to write the pruned network: --out pruned.safetensors.');
  await requirePlaceFor(out, [reference]);
  return out;
}

function layersOf({ layer }: TrunkOptions): number[] | undefined {
  return layer?.split(',').map((text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw new BadInput(`--layer needs numbers of convolutions from 1, like 2 or 1,3, not "${layer}".`);
    }
    return value;
  });
}

function oneLayer(options: TrunkOptions): number {
  const layers = layersOf(options) ?? [];
  if (layers.length !== 1) throw new BadInput('Say which one convolution is meant: --layer 2, for example.');
  return layers[0];
}
