/** What a table costs on machines, for `lab reproduce … --cost`: worked out, nothing is run. */
import { COMPLETE } from '../../src/lab/reproduce/complete';
import { whole } from '../../src/lab/reproduce/format';
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

const SETS = `EuroSAT ${whole(COMPLETE.eurosat.tiles)} tiles, CIFAR-10 ${whole(COMPLETE.cifar10.tiles)}, digits ${whole(COMPLETE['rotated-mnist'].tiles)}`;

export function costLines(title: string, costs: readonly SweepCost[]): string[] {
  const [{ jobs, work, chain, kept, written, read, redis }] = costs;
  return [
    `${title}: ${whole(jobs)} jobs, at most ${hours(work)} of one core's time; the longest chain of steps takes ${hours(chain)}.`,
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
        `${megabytes(traffic)}/s`,
      ]),
    ]),
    '',
    `Worked out for the whole published sets (${SETS}), from rates measured on one core of an AMD EPYC (docs/sweeps.md), with every training to its last epoch. A part of a set takes its share of the time.`,
  ];
}

/** The same as a row of docs/sweeps.md. */
export const costRow = (title: string, costs: readonly SweepCost[]): string => {
  const [{ jobs, work, chain, kept, written }] = costs;
  const times = costs.map(({ seconds, speedUp }) => `${hours(seconds)} (${speedUp.toFixed(1)}×)`);
  return `| ${[title, whole(jobs), hours(work), hours(chain), ...times, megabytes(kept), megabytes(written)].join(' | ')} |`;
};

const hours = (seconds: number): string => {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(seconds < 600 ? 1 : 0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
};
const megabytes = (bytes: number): string => {
  if (bytes < 1e5) return `${(bytes / 1e3).toFixed(0)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
};
