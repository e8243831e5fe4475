/** Stages on their way to the page: work that reports by calls as a stage, and a stage without what the page has no use for. */
import { type LabEvent, mapEvents, type Stage } from '../../lab/stage/events';
import type { JobEvent } from '../protocol/results';

/** Runs `work`; a stage that is ended early aborts its signal and waits until it has let go of everything. */
export async function* runAsStage<T>(
  work: (report: (event: LabEvent) => void, ended: AbortSignal) => Promise<T>,
): Stage<T> {
  const end = new AbortController();
  const events: LabEvent[] = [];
  let wake = () => {};
  let result: { readonly value: T } | null = null;
  const report = (event: LabEvent) => {
    // Of progress only the latest matters; warnings all do.
    if (event.type === 'progress' && events.at(-1)?.type === 'progress') events.pop();
    events.push(event);
    wake();
  };
  const working = work(report, end.signal).then((value) => {
    result = { value };
  });
  try {
    while (!result) {
      if (events.length === 0) await Promise.race([working, new Promise<void>((heard) => (wake = heard))]);
      for (let event = events.shift(); event; event = events.shift()) yield event;
    }
    return (result as { value: T }).value;
  } finally {
    end.abort();
    await working.catch(() => {});
  }
}

/** Checkpoints stay in the worker: they are large, and the store has them. */
export function dropCheckpoints<T>(stage: Stage<T>): AsyncGenerator<JobEvent, T, void> {
  return mapEvents(stage, (event) => (event.type === 'checkpoint' ? null : event));
}

/** Passes work on, with what is found damaged on the way as warnings. */
export async function* telling<T>(
  damages: string[],
  work: AsyncGenerator<JobEvent, T, void>,
): AsyncGenerator<JobEvent, T, void> {
  try {
    for (;;) {
      const step = await work.next();
      for (const message of damages.splice(0)) yield { type: 'warning', message };
      if (step.done) return step.value;
      yield step.value;
    }
  } finally {
    await work.return(undefined as never);
  }
}

/** Passes a stage on, with its progress named for people. */
export function naming<T>(stage: Stage<T>, what: string): AsyncGenerator<JobEvent, T, void> {
  return mapEvents(stage, (event) => {
    if (event.type === 'checkpoint') return null;
    return event.type === 'progress' ? { ...event, what } : event;
  });
}
