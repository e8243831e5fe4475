/**
 * Threads: all run the same function over the chunks of one job, each taking the next chunk that nobody has. Which thread
 * takes which does not matter to the results: every sum is over a chunk, and chunks are added up in order.
 *
 * Control block, at CONTROL: the number of the job (helpers wait for it to change), what to run, its job block, how many
 * chunks, the next chunk to take, and how many helpers have finished.
 */
import { runChunk } from './operations';

const CONTROL: usize = 1024;
const NUMBER = CONTROL;
const OPERATION = CONTROL + 4;
const JOB = CONTROL + 8;
const COUNT = CONTROL + 12;
const NEXT = CONTROL + 64; // on a cache line of its own
const FINISHED = CONTROL + 128;

/** Times to look before a thread goes to sleep: about as long as waking up takes. */
const SPINS = 4000;

/** Runs an operation's chunks on this thread and `helpers` others; returns when all is done, or false after `patience` ns. */
export function runJob(operation: i32, job: usize, chunks: i32, helpers: i32, patience: i64): bool {
  if (helpers == 0 || chunks < 2) {
    for (let c = 0; c < chunks; c++) runChunk(operation, job, c, 0, c == 0);
    return true;
  }
  store<i32>(OPERATION, operation);
  store<u32>(JOB, <u32>job);
  store<i32>(COUNT, chunks);
  atomic.store<i32>(NEXT, 0);
  atomic.store<i32>(FINISHED, 0);
  atomic.add<i32>(NUMBER, 1);
  atomic.notify(NUMBER, helpers);
  takeChunks(operation, job, chunks, 0);
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<i32>(FINISHED) == helpers) return true;
  let finished = atomic.load<i32>(FINISHED);
  while (finished < helpers) {
    // 2: the time is over, and none has finished meanwhile.
    if (atomic.wait<i32>(FINISHED, finished, patience) == 2) break;
    finished = atomic.load<i32>(FINISHED);
  }
  return atomic.load<i32>(FINISHED) == helpers;
}

function takeChunks(operation: i32, job: usize, chunks: i32, thread: i32): void {
  let first = true;
  for (;;) {
    const chunk = atomic.add<i32>(NEXT, 1);
    if (chunk >= chunks) return;
    runChunk(operation, job, chunk, thread, first);
    first = false;
  }
}

/** What a helper does all its life: waits for the next job after number `seen`, and helps. A negative operation ends it. */
export function serve(thread: i32, start: i32): void {
  let seen = start;
  for (;;) {
    let spin = 0;
    while (atomic.load<i32>(NUMBER) == seen) {
      if (spin++ < SPINS) continue;
      atomic.wait<i32>(NUMBER, seen, -1);
    }
    seen = atomic.load<i32>(NUMBER);
    const operation = load<i32>(OPERATION);
    if (operation < 0) return;
    takeChunks(operation, load<u32>(JOB), load<i32>(COUNT), thread);
    atomic.add<i32>(FINISHED, 1);
    atomic.notify(FINISHED, 1);
  }
}

/** The number of the latest job, from which a helper that starts now goes on. */
export function jobNumber(): i32 {
  return atomic.load<i32>(NUMBER);
}
