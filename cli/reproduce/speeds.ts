/**
 * How fast the networks of a study are beside the unpruned one: measured when all runs are done, in this one process, in
 * processor time, since a machine that does other work too interrupts the slower of two networks more often. Kept in a
 * file, so that a report made again says the same.
 */
import { existsSync } from 'node:fs';
import { latencies } from '../../src/lab/evaluate/latency';
import type { AnyArch } from '../../src/lab/nn/arch';
import type { Speeds } from '../../src/lab/reproduce/material';
import { startNodeBackend } from '../node/backend';
import { readSealed, sayOnError, setAside, writeSealed } from '../node/kept';
import { processorTime } from '../node/processorTime';

/** Seconds per tile by stage, `times` measurements of each design; `file` holds what was measured earlier. */
export async function speedsOf(
  file: string,
  whole: AnyArch,
  pruned: ReadonlyMap<string, AnyArch>,
  times: number,
): Promise<ReadonlyMap<string, Speeds>> {
  const known = await earlierIn(file);
  const keyOf = (arch: AnyArch) => JSON.stringify([whole, arch]);
  const missing = new Map([...pruned.values()].map((arch) => [keyOf(arch), arch]));
  for (const key of Object.keys(known)) missing.delete(key);
  if (missing.size > 0) await startNodeBackend();
  for (const [key, arch] of missing) {
    const measured: [number, number][] = [];
    for (let i = 0; i < times; i++) {
      const [before, after] = await latencies([whole, arch], processorTime);
      measured.push([before, after]);
    }
    known[key] = { before: measured.map(([before]) => before), after: measured.map(([, after]) => after) };
  }
  if (missing.size > 0) await writeSealed(file, known);
  return new Map([...pruned].map(([stage, arch]) => [stage, known[keyOf(arch)]]));
}

async function earlierIn(file: string): Promise<Record<string, Speeds>> {
  if (!existsSync(file)) return {};
  const found = await readSealed(file);
  if (found) return { ...found.value } as Record<string, Speeds>;
  await setAside(file, 'the speeds are measured again', sayOnError);
  return {};
}
