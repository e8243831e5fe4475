/** What a packed folder runs, with Dawn beside it (pack.ts). */
import { createRequire } from 'node:module';
import { useDawn } from './dawn';
import { runGpu } from './run';

try {
  await useDawn(createRequire(import.meta.url)('./dawn.node'));
  await runGpu(`Node ${process.version}`, process.env, (lines) => console.log(`${lines.join('\n')}\n`));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(3);
}
