/** A process that another one started for itself ends with it, however that ended. */
import { fstatSync } from 'node:fs';

/** The variable by which the other one says so: its end of our standard input closes when it is gone. */
export const ENDS_WITH_INPUT = 'LAB_ENDS_WITH_INPUT';

/** Ends this process as soon as the one that started it is gone, where it asked for that. */
export function endWithParent(): void {
  if (process.env[ENDS_WITH_INPUT] !== '1' || !isPipe()) return;
  const end = () => process.exit(143);
  process.stdin.on('end', end).on('error', end).resume();
  // It keeps nothing alive that is done.
  (process.stdin as unknown as { unref?(): void }).unref?.();
}

/** Not where something in between gave us no input: that would be over at once. */
function isPipe(): boolean {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket();
}
