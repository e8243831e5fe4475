/**
 * Threads: all run the same function over the chunks of one job, each taking the next chunk that nobody has. Which thread
 * takes which does not matter to the results: every sum is over a chunk, and chunks are added up in order.
 *
 * Control block, at CONTROL: the number of the job (helpers wait for it to change), what to run, its job block, how many
 * chunks, how many helpers take any (the others rest, and only say that they have seen it), the next chunk to take, and how
 * many helpers have finished.
 */
import { runChunk } from './operations';

const CONTROL: usize = 1024;
const NUMBER = CONTROL;
const OPERATION = CONTROL + 4;
const JOB = CONTROL + 8;
const COUNT = CONTROL + 12;
const ACTIVE = CONTROL + 16; // written by the host, between jobs
const NEXT = CONTROL + 64; // on a cache line of its own
const FINISHED = CONTROL + 128;

/** Times to look before a thread goes to sleep: about as long as waking up takes. */
const SPINS = 4000;

// To sleep is the host's (`Atomics.wait` on these words): a wait inside a function lost that function's locals in V8 11.3.

/** Runs an operation's chunks on this thread and `helpers` others; returns whether the others are done too. */
export function runJob(operation: i32, job: usize, chunks: i32, helpers: i32): bool {
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
  return false;
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

/**
 * What a helper does: looks for a job after number `seen`, and takes part. Returns that job's number, or `seen` where none
 * came in a while: then it is to sleep until NUMBER changes.
 */
export function help(thread: i32, seen: i32): i32 {
  for (let spin = 0; atomic.load<i32>(NUMBER) == seen; spin++) if (spin > SPINS) return seen;
  const number = atomic.load<i32>(NUMBER);
  if (thread <= load<i32>(ACTIVE)) takeChunks(load<i32>(OPERATION), load<u32>(JOB), load<i32>(COUNT), thread);
  atomic.add<i32>(FINISHED, 1);
  atomic.notify(FINISHED, 1);
  return number;
}
