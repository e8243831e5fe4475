/** Reports of sweeps in the folder where `lab reproduce --out` leaves them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SweepStatus } from '../../src/lab/sweep/status';

/** The text of the report that a sweep's command has left since it was made; null where it has none yet. */
export async function reportOf(
  { command, made }: Pick<SweepStatus, 'command' | 'made'>,
  folder: string,
): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const text = await readFile(path.join(folder, name, 'report.json'), 'utf8').catch(() => null);
    if (text !== null && isOf(text, command, made)) return text;
  }
  return null;
}

/** On a queue a command says beside what it says in the report where the queue is, and the store. */
function isOf(text: string, command: string, made: string): boolean {
  try {
    const report = JSON.parse(text) as { readonly command?: unknown; readonly made?: unknown };
    return (
      typeof report.command === 'string' &&
      typeof report.made === 'string' &&
      (command === report.command || command.startsWith(`${report.command} --on `)) &&
      Date.parse(report.made) >= Date.parse(made)
    );
  } catch {
    return false;
  }
}
