/** Has the worker look where networks are wrong: what is chosen and not known yet, one after the other. */
import type { Pictures } from '../../lab/prune/neurons/portraits';
import type { Job } from '../../worker/page/client';
import type { Reported, ReportPart } from '../../worker/protocol/choices';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent, PartReport } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { explain } from '../words/explain';
import { knownKey, lookedFirst, missing, putKnown, stillKnown } from '../wrong/looking';
import { BENCH, type Looked, useWrong, type WrongSubject } from '../wrong/wrong';
import { client } from './session';

interface Measuring {
  readonly job: Job<PartReport>;
  readonly subject: WrongSubject;
  readonly key: string;
  /** Somebody ended it: what it still tells came too late. */
  isStopped: boolean;
}

let measuring: Measuring | null = null;
let isFollowing = false;

/** Looks at the last of a subject's networks, beside the first. */
export function lookWhere(subject: WrongSubject): void {
  follow();
  const { looked, wanted } = useWrong.getState();
  const part = wanted ?? looked?.part ?? 'val';
  leave(looked);
  useWrong.setState({ looked: lookedFirst(subject, part, stillKnown(looked, subject)), wanted: null });
}

/** Looks at nothing any more: what is known and held of it is freed. */
export function lookAway(): void {
  leave(useWrong.getState().looked);
  useWrong.setState({ looked: null });
}

/** Ends what is being measured; what is known stays. */
export function stopLooking(): void {
  if (!measuring) return;
  measuring.isStopped = true;
  putKnown(measuring.subject, measuring.key, { status: 'stopped' });
  measuring.job.control('cancel');
}

/** Tries once more what failed or was stopped. */
export function lookAgain(step: string, part: ReportPart): void {
  const { looked } = useWrong.getState();
  if (looked) putKnown(looked.subject, knownKey(step, part), null);
}

/** Pictures of tiles by their rows in a report. */
export const tilePictures = (of: Reported, part: ReportPart, rows: readonly number[]): Promise<Pictures> =>
  client.run('tilePictures', { of, part, rows: [...rows] }).result;

/** The tiles of a run are held for its pictures; those of the bench are there anyway. */
function leave(looked: Looked | null): void {
  if (!looked) return;
  measuring?.job.control('cancel');
  if (looked.subject.place !== BENCH) client.run('forgetTiles', {}).result.catch(() => {});
}

/** From the first look on: what is chosen is measured, and another network on the bench ends the look at the one before. */
function follow(): void {
  if (isFollowing) return;
  isFollowing = true;
  useWrong.subscribe(() => void measureMissing());
  useLab.subscribe(({ opened }, before) => {
    const isOther =
      opened?.seed !== before.opened?.seed ||
      JSON.stringify(opened?.subject) !== JSON.stringify(before.opened?.subject);
    if (isOther && before.opened && useWrong.getState().looked?.subject.place === BENCH) lookAway();
  });
}

async function measureMissing(): Promise<void> {
  const { looked } = useWrong.getState();
  const step = looked && missing(looked);
  if (!looked || !step) return;
  if (measuring) {
    // Something else was chosen meanwhile.
    const isWanted = [looked.shown, looked.before].some(
      (id) => id !== null && knownKey(id, looked.part) === measuring!.key,
    );
    if (!isWanted || measuring.subject !== looked.subject) measuring.job.control('cancel');
    return;
  }
  const { subject, part } = looked;
  const key = knownKey(step.id, part);
  const onEvent = (event: JobEvent) => {
    if (mine.isStopped) return;
    if (event.type === 'progress') putKnown(subject, key, { status: 'measuring', progress: event });
    if (event.type === 'queued')
      putKnown(subject, key, {
        status: 'measuring',
        progress: { what: 'waiting for the work before it', done: 0, total: 1 },
      });
  };
  const job = client.run('report', { of: step.of, part }, onEvent);
  const mine: Measuring = { job, subject, key, isStopped: false };
  measuring = mine;
  putKnown(subject, key, { status: 'measuring', progress: null });
  try {
    putKnown(subject, key, { status: 'done', result: await job.result });
  } catch (error) {
    // Given up for something else: it is asked for again when it is chosen again.
    if (error instanceof JobCancelled) {
      if (!mine.isStopped) putKnown(subject, key, null);
    } else if (error instanceof WorkerLost) putKnown(subject, key, { status: 'stopped' });
    else putKnown(subject, key, { status: 'failed', message: explain(error) });
  } finally {
    measuring = null;
    void measureMissing();
  }
}
