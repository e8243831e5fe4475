/** Runs of a table as child processes of this same command line, side by side, resumable. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { BadInput } from '../../src/lab/errors';
import type { Recipe } from '../../src/lab/recipe/schema';
import type { StageRecord } from '../../src/lab/stage/store';
import { writeAtomically } from '../node/files';
import { ENDS_WITH_INPUT } from '../node/parent';
import type { ProgressLine } from '../node/progress';
import { folderStore } from '../node/runStore';
import { percent } from '../node/table';

/** What a person or the system ends this process by; of SIGKILL nothing is heard, and the children see that we are gone. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How this process was started, with the Node options that load TypeScript. */
export const LAB: readonly string[] = [process.execPath, ...process.execArgv, process.argv[1]];

/** One recipe (its seed filled in) on one data set, in a folder of its own. */
export interface Job {
  readonly label: string;
  readonly recipe: Recipe;
  /** For --data. */
  readonly data: string;
  /** What other machines may know the data as; by default what it calls itself. */
  readonly dataName?: string;
  readonly dataHash: string;
  /** Of the records it leaves, by name. */
  readonly ids: ReadonlyMap<string, string>;
  readonly folder: string;
  /** Files of the networks that it begins with. */
  readonly networks?: readonly string[];
}

/**
 * Brings runs to their end, wherever that is done: on this machine (`runJobs`), or by whoever takes them from a queue. After
 * it each run's folder holds all that it leaves. Throws `BadInput` or `Unfinished` where that cannot be.
 */
export type Runner = (jobs: readonly Job[], say: (line: string) => void) => Promise<void>;

/** A run that was cut off: nothing that was finished is lost. */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
}

/** The records of a finished run by name, or undefined while one is missing. `BadInput` for another run's folder. */
export async function recordsOf(job: Job): Promise<ReadonlyMap<string, StageRecord> | undefined> {
  const records = await recordsSoFar(job);
  return [...job.ids.keys()].every((name) => records.has(name)) ? records : undefined;
}

/** The records that a run has left so far. `BadInput` for another run's folder. */
export async function recordsSoFar(job: Job): Promise<ReadonlyMap<string, StageRecord>> {
  const store = await folderStore(job.folder, { recipe: job.recipe, data: job.dataHash });
  const records = new Map<string, StageRecord>();
  for (const [name, id] of job.ids) {
    const kept = await store.loadStage(id);
    if (kept) records.set(name, { ...kept.record, name });
  }
  return records;
}

/**
 * Runs what is not finished, at most one process per core. A run that fails does not stop the others; in the end
 * `BadInput` (where the data or the recipe is at fault) or `Unfinished` says which and how to go on.
 */
export async function runJobs(
  jobs: readonly Job[],
  say: (line: string) => void,
  lab: readonly string[] = LAB,
): Promise<void> {
  const waiting: Job[] = [];
  for (const job of jobs) {
    if (!(await recordsOf(job))) waiting.push(job);
  }
  const failures: { readonly job: Job; readonly outcome: Outcome }[] = [];
  let [done, total] = [0, waiting.length];
  const children = new Set<ReturnType<typeof spawn>>();
  // At once: what they had finished is kept, and they go on from there.
  const stop = (_: string, number: number) => {
    for (const child of children) child.kill('SIGKILL');
    process.exit(128 + number);
  };
  for (const signal of ENDINGS) process.once(signal, stop);
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      say(`${job.label}: started`);
      const outcome = await runJob(job, lab, children, say);
      if (outcome.code === 0) say(`${job.label}: finished (${++done} of ${total})`);
      else {
        failures.push({ job, outcome });
        say(`${job.label}: ${failureOf(outcome)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), total) }, work));
  for (const signal of ENDINGS) process.off(signal, stop);
  if (failures.length === 0) return;
  const [{ job, outcome }] = failures;
  const Kind = failures.every((failure) => failure.outcome.code === 2) ? BadInput : Unfinished;
  throw new Kind(
    `${failures.length} of ${jobs.length} runs did not finish, such as ${job.label} (${failureOf(outcome)}). Every stage ` +
      `and epoch finished so far is kept in ${path.dirname(job.folder)}: the same command again goes on from there.`,
  );
}

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last line on standard error. */
  readonly complaint: string;
}

async function runJob(
  job: Job,
  lab: readonly string[],
  children: Set<ReturnType<typeof spawn>>,
  say: (line: string) => void,
): Promise<Outcome> {
  const recipe = path.join(job.folder, 'recipe.json');
  await writeAtomically(recipe, JSON.stringify(job.recipe));
  const [node, ...args] = [...lab, 'run', recipe, '--data', job.data, '--out', job.folder, '--events'];
  if (job.networks) args.push('--network', ...job.networks);
  const env = { ...process.env, [ENDS_WITH_INPUT]: '1' };
  const child = spawn(node, args, { stdio: ['pipe', 'ignore', 'pipe'], env });
  children.add(child);
  let complaint = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines.filter((each) => each.trim() !== '')) {
      const stage = finishedStage(line);
      if (stage) say(`${job.label}: ${stage}`);
      else complaint = line.trim();
    }
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  children.delete(child);
  return { code, signal, complaint: rest.trim() || complaint };
}

/** What an event of the child (one line of JSON) has to tell, or undefined for any other line. */
function finishedStage(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const event = JSON.parse(line) as ProgressLine;
  if (event.type === 'warning') return event.message;
  return event.type === 'epoch'
    ? `epoch ${event.epoch} of ${event.epochs}, validation accuracy ${percent(event.accuracy)}`
    : `${event.summary.name} done`;
}

function failureOf({ code, signal, complaint }: Outcome): string {
  if (signal) return `ended by ${signal}`;
  return complaint || `ended with exit code ${code}`;
}
