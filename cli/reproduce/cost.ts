/** What a table costs on machines, for `lab reproduce … --cost`: worked out, nothing is run. */
import type { Scale } from '../../src/lab/reproduce/report';
import type { TableDefinition } from '../../src/lab/reproduce/table';
import { costedJobs } from '../../src/lab/reproduce/tableCost';
import { type CostedJob, type Overheads, type SweepCost, sweepCost } from '../../src/lab/sweep/cost';
import { columns } from '../node/table';

/** Of a queue and a store on one machine; docs/sweeps.md says how they were measured. */
export const OVERHEADS: Overheads = { jobSeconds: 0.1, jobMemory: 2_600 };
export const MACHINES = [1, 8, 100] as const;
const CORES = 2;

/** The cost on so many machines of two cores each. */
export const tableCosts = (table: TableDefinition, seeds: number, scale: Scale = 'full'): SweepCost[] =>
  costsOf(costedJobs(table, seeds, scale));

export const costsOf = (jobs: readonly CostedJob[]): SweepCost[] =>
  MACHINES.map((machines) => sweepCost(jobs, machines * CORES, OVERHEADS));

export function costLines(title: string, costs: readonly SweepCost[]): string[] {
  const [{ jobs, work, chain, kept, written, read, redis }] = costs;
  return [
    `${title}: ${jobs} jobs, at most ${hours(work)} of one core's time; the longest chain of steps takes ${hours(chain)}.`,
    `In the store ${megabytes(kept)} at the end, ${megabytes(written)} written and ${megabytes(read)} read on the way; in Redis ${megabytes(redis)}.`,
    '',
    ...columns([
      ['machines', 'cores', 'time', 'speed-up', 'busy', 'through the store'],
      ...costs.map(({ cores, seconds, speedUp, busy, traffic }) => [
        cores / CORES,
        cores,
        hours(seconds),
        `${speedUp.toFixed(1)}×`,
        `${(100 * busy).toFixed(0)} %`,
        `${(traffic / 1e3).toFixed(traffic < 1e4 ? 1 : 0)} kB/s`,
      ]),
    ]),
    '',
    'Worked out for the whole published sets, from rates measured on one core of an AMD EPYC (docs/sweeps.md), with every training to its last epoch.',
  ];
}

/** The same as a row of docs/sweeps.md. */
export const costRow = (title: string, costs: readonly SweepCost[]): string => {
  const [{ jobs, work, chain, kept, written }] = costs;
  const times = costs.map(({ seconds, speedUp }) => `${hours(seconds)} (${speedUp.toFixed(1)}×)`);
  return `| ${[title, jobs, hours(work), hours(chain), ...times, megabytes(kept), megabytes(written)].join(' | ')} |`;
};

const hours = (seconds: number): string =>
  seconds < 5400
    ? `${(seconds / 60).toFixed(seconds < 600 ? 1 : 0)} min`
    : `${(seconds / 3600).toFixed(1)} h`;
const megabytes = (bytes: number): string => {
  if (bytes < 1e5) return `${(bytes / 1e3).toFixed(0)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
};
