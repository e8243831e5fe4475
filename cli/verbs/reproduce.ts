import path from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { type Report, SCALES, type Scale } from '../../src/lab/reproduce/report';
import type { TableDefinition } from '../../src/lab/reproduce/table';
import { KNOWN_TABLES, restrictTable, tableNamed } from '../../src/lab/reproduce/tables';
import { TASK_SCALES } from '../../src/lab/tasks/names';
import type { Task } from '../../src/lab/tasks/task';
import { TASKS } from '../../src/lab/tasks/tasks';
import { HOLDS } from '../../src/lab/tasks/verdict';
import { columns, percent } from '../node/table';
import {
  AS_JSON,
  dataOption,
  isOnQueue,
  onOption,
  type QueueOptions,
  storeOption,
  typedCommand,
} from '../options';
import { costLines, tableCosts } from '../reproduce/cost';
import { makeReport } from '../reproduce/make';
import { makeTask } from '../reproduce/makeTask';
import type { SweepOrder } from '../sweep/runner';
import { type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions, QueueOptions {
  scale: string;
  seeds: number;
  out: string;
  data: Record<string, string>;
  only?: string;
  folds?: number;
  soFar?: boolean;
  cost?: boolean;
}

const MOST_SEEDS = 20;

/** `reproduce <table>`: the networks of a table of the paper, made here, and a report of how they compare. */
export function reproduce(program: Command): void {
  const names = [...KNOWN_TABLES, ...TASKS].map(({ name }) => name).join(' | ');
  program
    .command('reproduce <table>')
    .description(`make a table of the paper again: ${names}; the same command again resumes`)
    .option(
      '--scale <size>',
      'small: about half an hour on two cores (with a subset of EuroSAT, 1,079 tiles) | whole: all tiles, learning rates chosen on validation tiles | full: all tiles and the paper’s settings; of fluids and detection also tiny: minutes, to see that it works, and page: what the page trains',
      'small',
    )
    .option('--seeds <n>', 'how often each network is trained', wholeOption('seeds', 1), 2)
    .requiredOption('--out <dir>', 'folder for the report (<table>-<scale>/) and the runs (runs/)')
    .option(
      '--data <name=ref>',
      'take a dataset from elsewhere than its name; may be repeated',
      dataOption,
      {},
    )
    .option('--only <names>', 'the sections on these data sets alone, like eurosat or eurosat,cifar10')
    .option(
      '--folds <k>',
      'test every tile once by so many folds, a run for each fold and seed (EuroSAT in table-2 and table-4)',
      wholeOption('folds', 2),
    )
    .option('--so-far', 'run nothing: a report of what an unfinished run has made so far')
    .option(
      '--cost',
      'run nothing: what the table, at full scale unless --scale says another, takes on 1, 8 and 100 machines of two cores',
    )
    .addOption(onOption('every step, or training of a task,'))
    .addOption(storeOption())
    .addOption(AS_JSON)
    .option('--quiet', 'no progress')
    .action(async (name: string, options: Options, command: Command) => {
      const task = TASKS.find((each) => each.name === name);
      if (task) return reproduceTask(task, options, typedCommand(command));
      const whole = tableNamed(
        name,
        TASKS.map((each) => each.name),
      );
      const table = options.only === undefined ? whole : restrictTable(whole, options.only.split(','));
      const scale = oneOf('scale', options.scale, SCALES);
      requireFewSeeds(options);
      if (options.cost)
        return printCost(table, command.getOptionValueSource('scale') === 'cli' ? scale : 'full', options);
      const say = options.quiet ? () => {} : (line: string) => void process.stderr.write(`${line}\n`);
      const asked = commandOf(name, options);
      const { report, files } = await makeReport({
        ...{
          table,
          scale,
          say,
          out: options.out,
          given: options.data,
          soFar: options.soFar,
          folds: options.folds,
        },
        seeds: Array.from({ length: options.seeds }, (_, i) => i + 1),
        command: asked,
        ...(isOnQueue(options) && {
          // Here and not at the head: every other verb starts without it.
          runner: (await import('../sweep/runner')).queueRunner(
            sweepOf(`${name}, ${scale}`, options, typedCommand(command), asked),
          ),
        }),
      });
      print({ report, files }, options, () => [
        ...lines(report),
        '',
        ...files.map((file) => path.relative('.', file)),
      ]);
    });
}

const sweepOf = (
  name: string,
  { on: address, store, quiet }: Options & Required<QueueOptions>,
  command: string,
  report: string,
): SweepOrder => ({ address, store, name, command, report, quiet });

function printCost(table: TableDefinition, scale: Scale, options: Options): void {
  const { seeds, folds, soFar } = options;
  const [unknown] = [folds !== undefined && '--folds', soFar && '--so-far'].filter(Boolean);
  if (unknown) throw new BadInput(`--cost runs nothing, and works out whole runs: leave out ${unknown}.`);
  const costs = tableCosts(table, seeds, scale);
  print({ table: table.name, scale, seeds, costs }, options, () =>
    costLines(`${table.name} at ${scale} scale, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`, costs),
  );
}

/** A task makes its own data: what chooses data sets is refused. */
async function reproduceTask(task: Task, options: Options, typed: string): Promise<void> {
  const scale = oneOf('scale', options.scale, TASK_SCALES);
  requireFewSeeds(options);
  const { data, only, soFar, folds, cost } = options;
  const given = { '--data': Object.keys(data).length > 0, '--only': only, '--so-far': soFar };
  const [refused] =
    Object.entries({ ...given, '--folds': folds, '--cost': cost }).find(([, value]) => value) ?? [];
  if (refused)
    throw new BadInput(`${task.name} makes its own data and is made as a whole: leave out ${refused}.`);
  const say = options.quiet ? () => {} : (line: string) => void process.stderr.write(`${line}\n`);
  const asked = commandOf(task.name, options);
  const { report, files } = await makeTask({
    ...{ task, scale, say, out: options.out, quiet: options.quiet },
    seeds: Array.from({ length: options.seeds }, (_, i) => i + 1),
    command: asked,
    ...(isOnQueue(options) && {
      trainer: (await import('../sweep/runner')).queueTrainer(
        sweepOf(`${task.name}, ${scale}`, options, typed, asked),
      ),
    }),
  });
  print({ report, files }, options, () => [
    report.title,
    '',
    ...columns([
      ['', ...report.measures.map(({ id }) => id)],
      ...report.rows.map(({ label, figures }) => [
        label,
        ...report.measures.map(({ id }) => percent(figures[id].mean)),
      ]),
    ]),
    '',
    ...report.findings.map(({ title, holds, sentence }) => `${title}: ${HOLDS[`${holds}`]}. ${sentence}`),
    '',
    ...files.map((file) => path.relative('.', file)),
  ]);
}

function requireFewSeeds({ seeds }: Options): void {
  if (seeds > MOST_SEEDS)
    throw new BadInput(`--seeds needs a whole number of at most ${MOST_SEEDS}, not "${seeds}".`);
}

function lines(report: Report): string[] {
  return report.sections.flatMap(({ title, rows, findings = [] }) => [
    title,
    '',
    ...columns([
      ['', 'paper', 'lab', 'agreement', 'bytes'],
      ...rows.map(({ label, paper, lab }) => [
        label,
        paper?.accuracy === undefined ? '–' : percent(paper.accuracy),
        percent(lab.accuracy.mean),
        percent(lab.agreement.mean),
        lab.bytes,
      ]),
    ]),
    '',
    ...rows.map(({ label, verdict }) => `${label}: ${verdict.sentence}`),
    ...findings.map((each) => `${each.title}: ${each.sentence}`),
    '',
  ]);
}

/** As a person would type it elsewhere: no paths of this machine. */
function commandOf(table: string, { scale, seeds, data, only, folds, soFar }: Options): string {
  const given = Object.entries(data).map(
    ([name, reference]) => ` --data ${name}=${path.basename(reference)}`,
  );
  return `npm run -s lab -- reproduce ${table} --scale ${scale} --seeds ${seeds}${given.join('')}${only === undefined ? '' : ` --only ${only}`}${folds === undefined ? '' : ` --folds ${folds}`}${soFar ? ' --so-far' : ''} --out reports`;
}
