/** The command line as a function: what `main.ts` does with its arguments. */
import { Command, CommanderError } from 'commander';
import { BadInput, messageOf } from '../src/lab/errors';
import { plainSentence } from '../src/lab/plain';
import { asBadInput } from './node/fileErrors';
import { Unfinished } from './reproduce/jobs';
import { adapt } from './verbs/adapt';
import { adopt } from './verbs/adopt';
import { classify } from './verbs/classify';
import { curve } from './verbs/curve';
import { data } from './verbs/data';
import { describe } from './verbs/describe';
import { distill } from './verbs/distill';
import { evaluate } from './verbs/evaluate';
import { exportNetwork } from './verbs/export';
import { finetune } from './verbs/finetune';
import { prune } from './verbs/prune';
import { quantize } from './verbs/quantize';
import { rate } from './verbs/rate';
import { redraw } from './verbs/redraw';
import { reproduce } from './verbs/reproduce';
import { run } from './verbs/run';
import { sweep } from './verbs/sweep';
import { time } from './verbs/time';
import { train } from './verbs/train';
import { worker } from './verbs/worker';

const VERBS = [
  describe,
  train,
  rate,
  run,
  curve,
  prune,
  finetune,
  distill,
  adapt,
  quantize,
  evaluate,
  classify,
  time,
  exportNetwork,
  reproduce,
  redraw,
  data,
  adopt,
  worker,
  sweep,
];

/** Runs a verb to its end, and returns the exit code: 0 success, 2 bad input, 1 failure. */
export async function runLab(args: readonly string[]): Promise<number> {
  const program = new Command('lab').description(
    'Orbit Lab without a page. It computes on all cores, up to eight; LAB_THREADS sets another number of threads, which ' +
      'changes no result.',
  );
  program.exitOverride().configureOutput({ outputError: () => {} });
  for (const verb of VERBS) verb(program);
  settle(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    const error = asBadInput(thrown);
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const bad = error instanceof BadInput || error instanceof CommanderError;
    const clear = bad || error instanceof Unfinished;
    process.stderr.write(`${clear ? oneLine(messageOf(error)) : String((error as Error)?.stack ?? error)}\n`);
    return bad ? 2 : 1;
  }
}

/** Verbs inherit neither of these from the program. */
function settle(command: Command): void {
  for (const verb of command.commands) {
    verb.exitOverride().configureOutput({ outputError: () => {} });
    settle(verb);
  }
}

const oneLine = (message: string): string => plainSentence(message.replace(/^error: /, ''));
