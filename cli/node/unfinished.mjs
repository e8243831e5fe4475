/**
 * Files that a process is still writing: each carries the process in its name, and lies beside the file it becomes. Who
 * writes one takes away what processes that are no more have left in that folder. Node's own modules only, and no
 * TypeScript: what starts the command line uses it too.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** Numbers of processes mean something on their own machine alone, and a folder may be shared by several. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The end of such a name. A download's `.part` has none of it: that one is gone on with. */
export const UNFINISHED = /\.orbit-lab-([0-9a-f]{8})-(\d+)\.part$/;

/** What a file is called until it is whole. */
export const unfinishedName = (file, pid = process.pid) => `${file}.orbit-lab-${MACHINE}-${pid}.part`;

/** Removes what dead processes of this machine left half-written in a folder. Nothing depends on it, so it never fails. */
export async function sweepUnfinished(folder) {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, machine, pid] = UNFINISHED.exec(name) ?? [];
    if (machine !== MACHINE || isAlive(Number(pid))) continue;
    await rm(path.join(folder, name), { force: true }).catch(() => {});
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user's may not be signalled, and lives.
    return error.code !== 'ESRCH';
  }
}
