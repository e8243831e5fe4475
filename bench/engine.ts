/** Training and inference in Node: WASM at every size, and plain JavaScript beside tfjs's layers API. */
import { startNodeBackend } from '../cli/node/backend';
import { columns } from '../cli/node/table';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { rate, type Say } from './format';
import { noiseDataset } from './noise';
import { layersThroughput, ourThroughput, type Throughput } from './throughput';

const row = (name: string, { training, inference }: Throughput) => [name, rate(training), rate(inference)];

export async function engine(say: Say): Promise<void> {
  await startNodeBackend('wasm', 1);
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
    const { size } = arch.input;
    const measured = await ourThroughput(arch, noiseDataset(tiles, size), 32);
    rows.push(row(`${id} (${size}×${size})`, measured));
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
}
