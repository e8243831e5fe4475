/** A process that does steps (stepProcess.ts), as its worker sees it. It is started when it is first needed, and again after it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { ENDS_WITH_INPUT } from '../node/parent';
import { SECRETS } from './connect';
import {
  type Answer,
  type Fault,
  type Numbered,
  type Order,
  STEP_VERB,
  type StepProgress,
} from './stepMessages';

/** A step that was not done. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly fault: Fault;

  constructor(fault: Fault, reason: string) {
    super(reason);
    this.fault = fault;
  }
}

export interface StepChild {
  /** Rejects with `StepFailed`, also where the process ends in the midst of it. */
  ask(
    order: Order,
    told?: (progress: StepProgress) => void,
  ): Promise<Exclude<Answer, { type: 'progress' | 'said' | 'failed' }>>;
  /** Ends the process at once; what it was doing is rejected. */
  end(): void;
}

/**
 * lab: what starts this command line. say: told, in a sentence, of what the process finds beside its work, such as a damaged
 * file in the store.
 */
export function stepChild(
  lab: readonly string[],
  threads: number,
  say: (sentence: string) => void,
): StepChild {
  let running: ChildProcess | null = null;
  let complaint = '';
  let last = 0;
  const start = (): ChildProcess => {
    const env: NodeJS.ProcessEnv = { ...process.env, [ENDS_WITH_INPUT]: '1' };
    env.LAB_THREADS ||= String(threads);
    for (const secret of SECRETS) delete env[secret];
    const [node, ...args] = lab;
    const child = spawn(node, [...args, STEP_VERB], { stdio: ['pipe', 'ignore', 'pipe', 'ipc'], env });
    complaint = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
    });
    const gone = () => {
      if (running === child) running = null;
    };
    child.once('exit', gone).once('error', gone);
    // Its input never gets anything: that it closes is what counts.
    child.stdin!.on('error', () => {});
    return child;
  };
  return {
    ask: (content, told = () => {}) =>
      new Promise((resolve, reject) => {
        running ??= start();
        const child = running;
        const order = ++last;
        const settle = () => {
          child.off('message', listen);
          child.off('exit', ended);
          child.off('error', ended);
        };
        const listen = ({ order: of, content: answer }: Numbered<Answer>) => {
          if (of !== order) return;
          if (answer.type === 'progress') return told(answer.progress);
          if (answer.type === 'said') return say(answer.sentence);
          settle();
          if (answer.type === 'failed') reject(new StepFailed(answer.fault, answer.reason));
          else resolve(answer);
        };
        const ended = () => {
          settle();
          const cry = complaint.trim().split('\n').at(-1) ?? '';
          const how = child.signalCode
            ? `was ended by ${child.signalCode}`
            : `ended with exit code ${child.exitCode}`;
          reject(new StepFailed('unknown', `The process that did it ${how}${cry && `: ${cry}`}`));
        };
        child.on('message', listen).once('exit', ended).once('error', ended);
        child.send({ order, content } satisfies Numbered<Order>, (error) => {
          if (error) child.kill('SIGKILL');
        });
      }),
    end: () => {
      running?.kill('SIGKILL');
      running = null;
    },
  };
}
