/**
 * The steps of a table as jobs with their costs, for the cost model of sweeps: how long each would be on one core, worked out
 * from measured rates, the protocol's tiles and its epochs. Trainings are counted to their last epoch, though they may end
 * early; so all of this is at most.
 */
import { BadInput } from '../errors';
import { totalCost } from '../evaluate/cost';
import { anyNamedArch } from '../families/anyArch';
import type { AnyArch } from '../nn/arch';
import { needsOf } from '../recipe/needs';
import { type Planned, planRecipe } from '../recipe/plan';
import type { StepOf } from '../recipe/step';
import type { CostedJob } from '../sweep/cost';
import { COMPLETE } from './complete';
import type { Scale } from './report';
import type { TableDefinition, TableRun } from './table';
import { tableNamed } from './tables';

/** Tiles a second of one core. */
export interface Rates {
  readonly training: number;
  readonly answering: number;
}

/**
 * Measured by `npm run bench -- sweep-rates` on one core of a shared AMD EPYC (Node 20.20, WebAssembly, one thread, processor
 * time, batches of 128, the last two of 32, 28 November 2026). By design and size.
 */
export const RATES: Readonly<Record<string, Rates>> = {
  'paper 64': { training: 207, answering: 726 },
  'c4 64': { training: 417, answering: 1630 },
  'base-small 64': { training: 197, answering: 965 },
  'c4-twin-small 64': { training: 261, answering: 929 },
  'base-small 32': { training: 753, answering: 3800 },
  'c4 32': { training: 1540, answering: 6780 },
  'c4-twin-small 32': { training: 894, answering: 3620 },
  'mobilenet-v2 32': { training: 105, answering: 373 },
  'efficientnet-lite0 32': { training: 94.3, answering: 404 },
};

/** Bytes, as a store was found to hold them. */
const RECORD = 900;
/** Of each epoch in the record of a training, and of each answer to a test tile at one of its turns. */
const EPOCH = 190;
const ANSWER = 1.5;
/** Of a network's file beside its weights: its design and origin, and the names of its tensors. */
const NETWORK = 4_000;

/** The steps of a table on the whole published sets, once for each seed. Throws `BadInput` for a table without rates. */
export function costedJobs(table: TableDefinition, seeds: number, scale: Scale = 'full'): CostedJob[] {
  const jobs = Array.from({ length: seeds }, (_, seed) =>
    table.runs(scale).flatMap((run) => jobsOfRun(run, `seed ${seed + 1}`)),
  );
  return jobs.flat();
}

function jobsOfRun(run: TableRun, seed: string): CostedJob[] {
  const { id, size, ...choices } = run.recipe.arch!;
  const arch = anyNamedArch(id, { ...choices, size, classes: 10 });
  const rates = RATES[`${id} ${arch.input.size}`];
  if (!rates)
    throw new BadInput(
      `Nobody has measured how fast ${id} is at ${arch.input.size}×${arch.input.size}, so its cost cannot be worked out; that of ` +
        'table-2, table-4, table-5 and adapt can.',
    );
  const planned = planRecipe(run.recipe);
  const idOf = ({ name }: Planned) => `${run.id}, ${seed}: ${name}`;
  return planned.map((step) => ({
    id: idOf(step),
    needs: needsOf(planned, step).map(idOf),
    ...costOf(step, rates, arch, tilesOf(run)),
  }));
}

type Tiles = Readonly<Record<'train' | 'val' | 'test', number>>;

/** Networks of a study pruned from one training of `c4` on EuroSAT: each pruned, fine-tuned for ten epochs and tested. */
export function studyJobs(networks: number): CostedJob[] {
  const run = tableNamed('table-2')
    .runs('full')
    .find(({ id }) => id === 'eurosat-c4')!;
  const jobs = jobsOfRun(run, 'seed 1');
  const named = (name: string) => jobs.find(({ id }) => id === `${run.id}, seed 1: ${name}`)!;
  const [training, pruning, tuning, testing] = [
    'train',
    'prune l2 none 50%',
    'finetune l2 none 50%',
    'test of train',
  ].map(named);
  const { epochs } = tuningOf(run);
  const times = 10;
  const short = { ...tuning, seconds: (tuning.seconds * times) / epochs };
  return [
    training,
    ...Array.from({ length: networks }, (_, i) => [
      { ...pruning, id: `prune ${i}` },
      {
        ...short,
        id: `tune ${i}`,
        needs: [`prune ${i}`, training.id],
        checkpoint: { ...tuning.checkpoint!, times },
      },
      { ...testing, id: `test ${i}`, needs: [`tune ${i}`] },
    ]).flat(),
  ];
}

const tuningOf = ({ recipe }: TableRun): { readonly epochs: number } => {
  const { step } = planRecipe(recipe).find(({ kind }) => kind === 'finetune')!;
  return (step as StepOf<'finetune'>).settings;
};

/** As a recipe divides the whole set: in its own parts, where it has them, and of them no more than it takes. */
export function tilesOf({ data, recipe: { split } }: Pick<TableRun, 'data' | 'recipe'>): Tiles {
  const { tiles, test: official } = COMPLETE[data];
  const { train, val, test, limit } = split;
  const rest = official ? tiles - official : tiles;
  const whole = official ? train + val : train + val + test;
  const most = (tiles: number, part: keyof Tiles) => Math.min(Math.round(tiles), limit?.[part] ?? tiles);
  return {
    train: most((rest * train) / whole, 'train'),
    val: most((rest * val) / whole, 'val'),
    test: most(official ?? (rest * test) / whole, 'test'),
  };
}

/** Seconds and bytes of one step. */
function costOf(
  { kind, step, leaves }: Planned,
  { training, answering }: Rates,
  arch: AnyArch,
  { train, val, test }: Tiles,
): Omit<CostedJob, 'id' | 'needs'> {
  const { bytes } = totalCost(arch);
  const epochs = 'settings' in step && step.settings ? (step.settings as { epochs: number }).epochs : 0;
  const epoch = train / training + val / answering;
  const turns = 'angles' in step ? step.angles.length : 1;
  const asked = kind === 'check' ? turns * ('part' in step && step.part === 'test' ? test : val) : val;
  // A student's teacher, and what fine-tuning is to reach, answers the training tiles once.
  const taught = kind === 'distil' || kind === 'finetune' ? train / answering : 0;
  const isTraining = epochs > 0 && kind !== 'quantise';
  const network = leaves === 'nothing' ? 0 : NETWORK + bytes;
  return {
    seconds: isTraining ? epochs * epoch + taught : asked / answering,
    kept: RECORD + network + epochs * EPOCH + ('answers' in step && step.answers ? asked * ANSWER : 0),
    taken: kind === 'train' ? 0 : NETWORK + bytes,
    ...(isTraining && { checkpoint: { bytes: 4 * bytes + NETWORK, times: epochs } }),
  };
}
