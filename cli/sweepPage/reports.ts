/** Reports of sweeps in the folder where `lab reproduce --out` leaves them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SweepStatus } from '../../src/lab/sweep/status';

type Asked = Pick<SweepStatus, 'command' | 'report' | 'made'>;

/** The text of the report that a sweep's command has left since it was made; null where it has none yet. */
export async function reportOf(sweep: Asked, folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const text = await readFile(path.join(folder, name, 'report.json'), 'utf8').catch(() => null);
    if (text !== null && isOf(text, sweep)) return text;
  }
  return null;
}

function isOf(text: string, { command, report: asked, made }: Asked): boolean {
  try {
    const report = JSON.parse(text) as { readonly command?: unknown; readonly made?: unknown };
    if (typeof report.command !== 'string' || typeof report.made !== 'string') return false;
    if (Date.parse(report.made) < Date.parse(made)) return false;
    if (asked !== undefined) return report.command === asked;
    // An earlier version kept the command alone, with the queue and the store behind what the report says.
    return command === report.command || command.startsWith(`${report.command} --on `);
  } catch {
    return false;
  }
}
