/**
 * `npm run bench`: figures, no verdicts. Everything is measured in one run, one thing after the other, because
 * only ratios within a run mean something on a shared machine.
 */
import { cpus } from 'node:os';
import { startNodeBackend } from '../cli/backend';
import { columns } from '../cli/work';
import { namedArch } from '../src/lab/nn/zoo';
import { benchBrowser } from './browser';
import { curveMilliseconds } from './curve';
import { noiseDataset } from './noise';
import { layersThroughput, ourThroughput, type Throughput } from './throughput';

const say = (lines: readonly string[]): void => console.log(`${lines.join('\n')}\n`);
const rate = (value: number | null): string =>
  value === null ? 'cannot' : value >= 10 ? value.toFixed(0) : value.toFixed(1);
const row = (name: string, { training, inference }: Throughput) => [name, rate(training), rate(inference)];

say([`Orbit Lab bench: Node ${process.version}, ${cpus().length} × ${cpus()[0].model}`]);

await startNodeBackend('wasm');
const rows: string[][] = [['Node, WASM, one thread: tiles per second (batch 32)', 'training', 'inference']];
for (const [id, tiles] of [
  ['c4-twin-small', 256],
  ['base-small', 256],
  ['c4-small', 256],
  ['c4', 96],
  ['c4-twin', 64],
  ['base', 64],
] as const) {
  const arch = namedArch(id);
  rows.push(
    row(
      `${id} (${arch.input.size}×${arch.input.size})`,
      await ourThroughput(arch, noiseDataset(tiles, arch.input.size), 32),
    ),
  );
}
say(columns(rows));

const small = namedArch('c4-small');
await startNodeBackend('cpu');
say(
  columns([
    ['Node, plain JavaScript, c4-small (batch 8)', 'training', 'inference'],
    row('ours', await ourThroughput(small, noiseDataset(16, 32), 8)),
    row('tfjs layers API, same channels, free filters', await layersThroughput(small, 16, 8)),
  ]),
);

say(
  columns([
    ['a whole curve, every ratio at four turns (milliseconds)', '240 tiles', '5,400 tiles'],
    ...['c4', 'c4-twin'].map((id) => [
      `${id}, ${namedArch(id).head.hidden} units`,
      curveMilliseconds(id, 240).toFixed(1),
      curveMilliseconds(id, 5400).toFixed(0),
    ]),
  ]),
);

await benchBrowser(say);
