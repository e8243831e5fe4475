/**
 * LERC in a process of its own, which is ended when it does not answer: the decoder believes what a blob says of itself, and
 * a made one could keep it busy for ever. (In the page every picture is read in a worker that can be ended.)
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BadBlock } from '../../src/lab/pictures/tiff/badBlock';
import type { LercPixels } from '../../src/lab/pictures/tiff/lerc';

/** The longest that a block may take, in milliseconds; the largest takes about two seconds. */
const LIMIT = 20_000;
const PROGRAM = fileURLToPath(new URL('./lercChild.mjs', import.meta.url));

let child: ChildProcess | undefined;

/** Reads a blob, after those before it: a picture is read block by block. Throws when it is broken or takes too long. */
export async function readLerc(blob: Uint8Array, limit = LIMIT): Promise<LercPixels> {
  child ??= fork(PROGRAM, {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=512'],
    // What it says when it runs out of memory is not for people.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answer = await askOnce(child, blob, limit).catch((error) => {
    child?.kill('SIGKILL');
    child = undefined;
    throw error;
  });
  if (!answer) throw new BadBlock('a LERC block is broken');
  return answer;
}

/** While it is asked it keeps this process alive, and not afterwards. */
function askOnce(reader: ChildProcess, blob: Uint8Array, limit: number): Promise<LercPixels | null> {
  reader.ref();
  reader.channel?.ref();
  return new Promise<LercPixels | null>((resolve, reject) => {
    const watchdog = setTimeout(
      () => reject(new BadBlock(`a LERC block took longer than ${limit / 1000} s`)),
      limit,
    );
    const settle = (then: () => void) => {
      clearTimeout(watchdog);
      reader.removeAllListeners();
      reader.unref();
      reader.channel?.unref();
      then();
    };
    reader.once('message', (answer) => settle(() => resolve(answer as unknown as LercPixels | null)));
    reader.once('exit', () => settle(() => reject(new BadBlock('a LERC block ended its reader'))));
    reader.once('error', (error) => settle(() => reject(error)));
    reader.send(blob);
  });
}
