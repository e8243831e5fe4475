/** Reads the files it is told to, one after the other, and says what came of each. A process of its own: see the test. */

import { BadInput, messageOf } from '../../src/lab/errors';
import { picturesAt } from '../node/pictures';

export interface HostileOutcome {
  /** A sentence for each picture that could not be read, or for all; `ok` for one that could. */
  readonly said: readonly string[];
  /** An error that is none of ours to throw. */
  readonly fault: string | null;
  readonly milliseconds: number;
  /** The most memory the process has held so far, in bytes. */
  readonly peak: number;
}

process.on('message', async (file: string) => {
  const started = process.cpuUsage();
  const said: string[] = [];
  let fault: string | null = null;
  try {
    for await (const taken of picturesAt(file)) said.push('problem' in taken ? taken.problem : 'ok');
  } catch (error) {
    if (error instanceof BadInput) said.push(error.message);
    else fault = `${messageOf(error)}\n${(error as Error)?.stack}`;
  }
  const { user, system } = process.cpuUsage(started);
  const outcome: HostileOutcome = {
    said,
    fault,
    milliseconds: (user + system) / 1000,
    peak: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(outcome);
});
process.send?.('ready');
