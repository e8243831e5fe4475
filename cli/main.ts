/**
 * The headless lab: `npm run -s lab -- <verb> …`. JSON on standard output with --json, progress on standard
 * error; exit 0 success, 2 bad input (one clear line, nothing written), 1 failure.
 */
import { endWithParent } from './node/parent';
import { runLab } from './program';

endWithParent();
// A verb that waits for something that never comes ends with Node, which would say nothing of it.
process.exitCode = 1;
let isDone = false;
process.once('exit', () => {
  if (!isDone)
    process.stderr.write('It ended before it was done, and nothing more was written: start it again.\n');
});
/** What a shell says of a program that nobody reads any more (SIGPIPE, which Node has as an error of the stream). */
const UNREAD = 141;
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isDone = true;
    process.exit(UNREAD);
  });
const code = await runLab(process.argv.slice(2));
isDone = true;
process.exitCode = code;
