/** A table from data to report: checks everything first, runs what is not finished, writes the report last. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../../src/lab/data/dataset';
import { datasetHash } from '../../src/lab/data/tiles';
import { BadInput, messageOf } from '../../src/lab/errors';
import { fingerprintOf } from '../../src/lab/files/fingerprint';
import { decodeAnyModel } from '../../src/lab/files/modelFile';
import { dataSectionBytes } from '../../src/lab/files/safetensors';
import type { AnyArch } from '../../src/lab/nn/arch';
import { planRecipe } from '../../src/lab/recipe/plan';
import { type Given, prepare, splitOf } from '../../src/lab/recipe/prepare';
import { idsOf } from '../../src/lab/recipe/run';
import type { Recipe } from '../../src/lab/recipe/schema';
import { leavesNetwork } from '../../src/lab/recipe/studyPlan';
import { finishedPart, reportOf, splitLists } from '../../src/lab/reproduce/build';
import { studied } from '../../src/lab/reproduce/cells';
import { joinFolds } from '../../src/lab/reproduce/folds';
import type { FinishedRun, RunMaterial } from '../../src/lab/reproduce/material';
import type { Report, Scale } from '../../src/lab/reproduce/report';
import type { DataName, TableDefinition, TableRun } from '../../src/lab/reproduce/table';
import { listDatasets, openDataset } from '../node/data';
import { readBytes, writeAtomically } from '../node/files';
import { modelFile } from '../node/runStore';
import { sessionsOf, wallSeconds } from '../sessions';
import { drawReport } from './draw';
import { environmentOf } from './environment';
import { type Job, type Runner, recordsOf, recordsSoFar, runJobs } from './jobs';
import { speedsOf } from './speeds';

export interface ReportOrder {
  readonly table: TableDefinition;
  readonly scale: Scale;
  readonly seeds: readonly number[];
  readonly out: string;
  /** Data by name, where it is not kept under that name. */
  readonly given: Readonly<Record<string, string>>;
  /** As a person would type it, without paths of this machine. */
  readonly command: string;
  readonly say: (line: string) => void;
  /** Tests by so many folds, each tile once; without it on the test part of the split. */
  readonly folds?: number | undefined;
  /** Runs nothing: the report is of what there is. */
  readonly soFar?: boolean;
  /** What starts this command line as a process; by default as this process was started. */
  readonly lab?: readonly string[];
  /** Who does the runs; by default processes of this machine. */
  readonly runner?: Runner;
}

/** The report and the files it was written to. `BadInput` before anything is written; see `runJobs` for the rest. */
export async function makeReport(order: ReportOrder): Promise<{ report: Report; files: string[] }> {
  const { table, scale, out } = order;
  const data = await openData(order);
  const runs = table.runs(scale);
  if (order.folds) requireFoldable(order, runs);
  const planned = runs
    .filter(({ begins }) => !begins)
    .flatMap((run) => foldedRuns(run, order.folds).map((each) => planOf(order, each, data.get(run.data)!)));
  const runAll = order.runner ?? ((jobs, say) => runJobs(jobs, say, order.lab));
  if (!order.soFar)
    await runAll(
      planned.flatMap((each) => each.jobs),
      order.say,
    );
  const materials: RunMaterial[] = [];
  for (const run of runs) {
    if (!run.begins) continue;
    const networks = await beginningsOf(order, run.begins);
    if (networks) planned.push(planOf(order, run, data.get(run.data)!, networks));
    else materials.push(nothingOf(order, run, data.get(run.data)!.dataset));
  }
  const jobs = planned.flatMap((each) => each.jobs);
  if (!order.soFar) await runAll(jobs, order.say);
  // One after the other: what is timed must be alone in this process.
  for (const { jobs: own, ...rest } of planned) {
    const records = await Promise.all(
      own.map((job) => (order.soFar ? recordsSoFar(job) : requireFinished(job))),
    );
    const made = (stage: string) => records.every((each) => each.has(stage));
    const shown = shownStages(table, rest.run).filter(made);
    const seeds = await Promise.all(own.map((job, i) => finishedRun(job, records[i], shown)));
    const studies = studiedStages(table, rest.run).filter(made);
    const speeds = await speedsIn(out, own[0], studies, seeds.length);
    materials.push({ ...rest, seeds, ...(speeds && { speeds }) });
  }
  if (order.folds) materials.splice(0, materials.length, ...joined(materials));
  const sessions = (await Promise.all(jobs.map(({ folder }) => sessionsOf(folder)))).flat();
  const shownTable = order.soFar ? finishedPart(table, materials) : table;
  const report = reportOf(shownTable, scale, materials, {
    made: new Date().toISOString(),
    command: order.command,
    environment: environmentOf(sessions),
    wallSeconds: wallSeconds(sessions),
  });
  return { report, files: await write(report, splitLists(shownTable, materials), out, order.folds) };
}

/** As recipes allow. */
const MOST_FOLDS = 20;

/** Throws `BadInput` for a table that cannot be made by folds. */
function requireFoldable({ table, soFar, folds = 0 }: ReportOrder, runs: readonly TableRun[]): void {
  if (folds > MOST_FOLDS)
    throw new BadInput(`--folds needs a whole number of at most ${MOST_FOLDS}, not "${folds}".`);
  if (soFar) throw new BadInput('A report by folds is of finished runs: leave out --so-far, or --folds.');
  if (table.sections.some(({ study }) => study) || runs.some(({ begins }) => begins))
    throw new BadInput(
      `${table.name} cannot be made by folds: leave out --folds, or take table-2 or table-4.`,
    );
}

/** A run once for each fold. */
function foldedRuns(run: TableRun, folds: number | undefined): TableRun[] {
  if (!folds) return [run];
  return Array.from({ length: folds }, (_, fold) => ({
    ...run,
    recipe: { ...run.recipe, split: { ...run.recipe.split, folds: { of: folds, fold } } },
  }));
}

/** The folds of each run as one. */
function joined(materials: readonly RunMaterial[]): RunMaterial[] {
  const ids = [...new Set(materials.map(({ run }) => run.id))];
  return ids.map((id) => joinFolds(materials.filter(({ run }) => run.id === id)));
}

interface PlannedRun extends Pick<RunMaterial, 'run' | 'dataset' | 'splits'> {
  readonly jobs: readonly Job[];
}

/** networks: what the run begins with, seed by seed, where it begins with any. */
function planOf(
  { seeds, scale, out }: ReportOrder,
  run: TableRun,
  { dataset, reference, hash }: Opened,
  networks?: readonly Beginning[],
): PlannedRun {
  const recipes = seeds.map((seed, i) => ({
    ...run.recipe,
    seed,
    ...(networks && { start: startOf(run, networks[i]) }),
  }));
  const { dataset: resized, splits, arch } = prepare(recipes[0], dataset, networks);
  const { folds } = run.recipe.split;
  const jobs = recipes.map(
    (recipe, i): Job => ({
      label: `${run.id}, seed ${recipe.seed}${folds ? `, fold ${folds.fold + 1} of ${folds.of}` : ''}`,
      recipe,
      data: reference,
      dataName: run.data,
      dataHash: hash,
      ids: idsOf({ recipe, arch, planned: planRecipe(recipe) }, hash),
      folder: folderOf(out, run.id, scale, recipe.seed) + (folds ? `-fold${folds.fold}of${folds.of}` : ''),
      ...(networks && { networks: [networks[i].file] }),
    }),
  );
  return { run: networks ? { ...run, recipe: recipes[0] } : run, dataset: resized, splits, jobs };
}

const folderOf = (out: string, id: string, scale: Scale, seed: number): string =>
  path.join(out, 'runs', `${id}-${scale}-seed${seed}`);

/** A network that a run begins with. */
interface Beginning extends Given {
  readonly file: string;
}

/** The networks that another run left, seed by seed; null while one is missing. */
async function beginningsOf(
  { seeds, scale, out }: ReportOrder,
  { run, stage }: NonNullable<TableRun['begins']>,
): Promise<Beginning[] | null> {
  const files = seeds.map((seed) => modelFile(folderOf(out, run, scale, seed), stage));
  if (!files.every((file) => existsSync(file))) return null;
  return Promise.all(
    files.map(async (file) => {
      const model = decodeAnyModel(await readBytes(file), file);
      return { file, model, fingerprint: fingerprintOf(model) };
    }),
  );
}

function startOf({ recipe }: TableRun, { fingerprint }: Beginning): Recipe['start'] {
  return recipe.start!.map((each) => ({ ...each, fingerprint }));
}

/** Of a run that has nothing to begin with yet. */
function nothingOf({ seeds }: ReportOrder, run: TableRun, dataset: Dataset): RunMaterial {
  const empty = { records: new Map(), fileBytes: () => undefined };
  return {
    ...{ run, dataset, splits: splitOf(dataset, run.recipe.split) },
    seeds: seeds.map((seed) => ({ seed, ...empty })),
  };
}

interface Opened {
  readonly dataset: Dataset;
  readonly hash: string;
  readonly reference: string;
}

/** Every data set a table needs. Throws `BadInput` that says how to get one that is missing. */
async function openData({ table, scale, given }: ReportOrder): Promise<Map<DataName, Opened>> {
  const wanted = [...new Set(table.runs(scale).map(({ data }) => data))];
  const unknown = Object.keys(given).find((name) => !wanted.includes(name as DataName));
  if (unknown) {
    throw new BadInput(`${table.name} needs no data set "${unknown}"; it needs: ${wanted.join(', ')}.`);
  }
  const kept = new Set((await listDatasets()).map(({ name }) => name));
  const opened = new Map<DataName, Opened>();
  for (const name of wanted) {
    const reference = given[name] ?? name;
    if (!given[name] && !kept.has(name)) throw missing(table, name);
    const dataset = await openDataset(reference).catch((error) => {
      throw new BadInput(`${name} cannot be read: ${messageOf(error)}`);
    });
    // The name is the table's, wherever the tiles came from.
    opened.set(name, { dataset: { ...dataset, name }, hash: datasetHash(dataset), reference });
  }
  return opened;
}

function missing(table: TableDefinition, name: DataName): BadInput {
  const rotated = name === 'rotated-mnist' ? ' --rotated' : '';
  return new BadInput(
    `${table.name} needs the data set "${name}", which is not here: fetch it with "lab data fetch ${name}", import a ` +
      `copy with "lab data import <path> ${name}${rotated}", or name one with --data ${name}=<path>.`,
  );
}

/** Stages of a run whose networks are shown in the table. */
function shownStages(table: TableDefinition, run: TableRun): string[] {
  const rows = table.sections.flatMap((section) => section.rows);
  const shown = rows.filter((row) => row.run === run.id).map(({ stage }) => stage);
  return [...new Set([...shown, ...studiedStages(table, run)])];
}

/** Those that a study of the table made. */
function studiedStages({ sections }: TableDefinition, { id, recipe }: TableRun): string[] {
  if (!sections.some(({ study }) => study?.run === id)) return [];
  return studied(recipe)
    .filter(leavesNetwork)
    .map(({ name }) => name);
}

async function speedsIn(out: string, { folder }: Job, stages: readonly string[], times: number) {
  if (stages.length === 0) return undefined;
  const archOf = async (stage: string) => decodeAnyModel(await readBytes(modelFile(folder, stage))).arch;
  const archs = new Map<string, AnyArch>();
  for (const stage of stages) archs.set(stage, await archOf(stage));
  return speedsOf(path.join(out, 'runs', 'speeds.json'), await archOf('train'), archs, times);
}

async function requireFinished(job: Job): Promise<FinishedRun['records']> {
  const records = await recordsOf(job);
  if (!records) throw new Error(`${job.label} ended without a word and is not finished.`);
  return records;
}

/** stages: those whose files are looked at. */
async function finishedRun(
  job: Job,
  records: FinishedRun['records'],
  stages: readonly string[],
): Promise<FinishedRun> {
  const bytes = new Map<string, number>();
  for (const stage of stages) {
    bytes.set(stage, dataSectionBytes(await readBytes(modelFile(job.folder, stage))));
  }
  return { seed: job.recipe.seed, records, fileBytes: (stage) => bytes.get(stage)! };
}

/** The files of a report: `<out>/<table>-<scale>/report.json` (by folds `<table>-<scale>-folds<k>`), `report.md`, a chart per section, `splits.json`. */
async function write(report: Report, splits: unknown, out: string, folds?: number): Promise<string[]> {
  const folder = path.join(out, `${report.table}-${report.scale}${folds ? `-folds${folds}` : ''}`);
  const contents = new Map([
    ...(await drawReport(report)),
    ['report.json', `${JSON.stringify(report, null, 2)}\n`],
    ['splits.json', `${JSON.stringify(splits)}\n`],
  ]);
  for (const [name, content] of contents) await writeAtomically(path.join(folder, name), content);
  return [...contents.keys()].map((name) => path.join(folder, name));
}
