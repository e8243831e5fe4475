/**
 * Holds jobs where a test wants them held (../protocol/hold.ts): between two steps, where a pause would hold them too, so no
 * number changes. A control lets a held job go on by one step; one that is to end is held no more.
 */

import type { JobCommand, JobType } from '../protocol/commands';
import { HOLDS, type Hold, type HoldMessage } from '../protocol/hold';
import { jobNamedIn } from '../protocol/messages';
import type { JobEvent } from '../protocol/results';
import type { Handlers } from './host';

/** Jobs in whose midst somebody can do something. */
const HELD: ReadonlySet<JobType> = new Set([
  ...(['finetune', 'pruneTrunk', 'report', 'run', 'train', 'map', 'trainTask'] as const),
  ...(['import', 'download', 'rotate', 'batch'] as const),
]);

type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>;
type Work = AsyncGenerator<JobEvent, unknown, void>;

export interface Holding {
  readonly handlers: Handlers;
  /** Is to hear all that the page posts, after the host. */
  hear(data: unknown): void;
}

export function holding(handlers: Handlers, channel: Channel = new BroadcastChannel(HOLDS)): Holding {
  /** undefined until a page has told it. */
  let hold: Hold | null | undefined;
  const stepping = new Set<number>();
  const ending = new Set<number>();
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const each of waiting.splice(0)) each();
  };
  channel.onmessage = ({ data }: MessageEvent<HoldMessage>) => {
    if (data === 'ask') return;
    hold = data.hold;
    wake();
  };

  /** Comes back once the job may go on. */
  async function pass(job: number, isThere: (hold: Hold) => boolean): Promise<void> {
    if (hold === undefined) channel.postMessage('ask' satisfies HoldMessage);
    while (hold === undefined || (hold && isThere(hold))) {
      if (stepping.has(job) || ending.has(job)) break;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    stepping.delete(job);
  }

  async function* held(job: number, work: Work): Work {
    const seen = new Map<string, number>();
    let now = '';
    try {
      for (;;) {
        const step = await work.next();
        if (step.done) return step.value;
        const event = step.value;
        if (event.type === 'stage-started') now = event.stage;
        const count = (seen.get(event.type) ?? 0) + 1;
        seen.set(event.type, count);
        yield event;
        await pass(
          job,
          ({ after, from, stage = now }) =>
            event.type === after && now === stage && placeOf(event, count) >= from,
        );
      }
    } finally {
      await work.return(undefined);
    }
  }

  const all = Object.entries(handlers) as [JobType, (command: JobCommand, stop: AbortSignal) => Work][];
  const wrapped = all.map(([type, handler]): (typeof all)[number] => [
    type,
    HELD.has(type) ? (command, stop) => held(command.id, handler(command, stop)) : handler,
  ]);
  return {
    handlers: Object.fromEntries(wrapped) as unknown as Handlers,
    hear(data) {
      const { type, action } = data as { readonly type?: unknown; readonly action?: unknown };
      const job = jobNamedIn(data);
      if (type !== 'control' || job === null) return;
      (action === 'stop' || action === 'cancel' ? ending : stepping).add(job);
      wake();
    },
  };
}

function placeOf(event: JobEvent, count: number): number {
  if (event.type === 'batch' || event.type === 'epoch') return event.epoch;
  return event.type === 'progress' ? event.done : count;
}
