/**
 * What pruning inside the trunk saves in time: extracted networks beside the unpruned one on WASM in Node, passes in turn,
 * with parameters and multiply-adds. Times do not depend on the weights, so none are trained.
 */
import { startNodeBackend } from '../cli/node/backend';
import { processorTime } from '../cli/node/processorTime';
import { columns } from '../cli/node/table';
import { totalCost } from '../src/lab/evaluate/cost';
import { latencies } from '../src/lab/evaluate/latency';
import type { ArchSpec } from '../src/lab/families/gcnn/arch';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { archOf } from '../src/lab/prune/fields/rank';
import { keptCount } from '../src/lab/prune/units/units';
import { median, rate, type Say } from './format';

const RATIOS = [0.3, 0.5, 0.7, 0.9];
const REPETITIONS = 3;

export async function trunk(say: Say): Promise<void> {
  await startNodeBackend('wasm', 1);
  for (const [id, size] of [
    ['c4-twin-small', 32],
    ['c4-deep', 32],
    ['c4-deep', 64],
  ] as const) {
    const whole = namedArch(id, { size });
    const pruned: [string, ArchSpec][] = [
      ...RATIOS.map((ratio): [string, ArchSpec] => [`fields −${100 * ratio} %`, withoutFields(whole, ratio)]),
      ...(whole.blocks.some(({ kernel }) => kernel > 3)
        ? ([['outer rings', withoutRings(whole)]] satisfies [string, ArchSpec][])
        : []),
    ];
    const rows: string[][] = [];
    for (const [name, arch] of pruned) rows.push([name, ...(await rowOf(whole, arch))]);
    say(
      columns([
        [
          `${id} (${size}×${size})`,
          'parameters',
          'multiply-adds',
          'tiles/s',
          'unpruned',
          'ratio',
          'by processor time',
        ],
        ...rows,
      ]),
    );
  }
}

async function rowOf(whole: ArchSpec, arch: ArchSpec): Promise<string[]> {
  const passing: number[][] = [];
  const computing: number[][] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    passing.push(await latencies([whole, arch]));
    computing.push(await latencies([whole, arch], processorTime));
  }
  const ratioOf = (times: number[][]) => median(times.map(([before, after]) => before / after)).toFixed(2);
  const [was, is] = [totalCost(whole), totalCost(arch)];
  return [
    `${((100 * is.params) / was.params).toFixed(0)} %`,
    `${((100 * is.macs) / was.macs).toFixed(1)} %`,
    rate(1 / median(passing.map(([, after]) => after))),
    rate(1 / median(passing.map(([before]) => before))),
    `${ratioOf(passing)}×`,
    `${ratioOf(computing)}×`,
  ];
}

function withoutFields(arch: ArchSpec, ratio: number): ArchSpec {
  return archOf(
    arch,
    arch.blocks.map(({ fields }) => new Uint32Array(keptCount(fields, ratio))),
  );
}

/** Every kernel above 1×1 one ring smaller. */
function withoutRings(arch: ArchSpec): ArchSpec {
  const smaller = arch.blocks.map((block) => ({ ...block, kernel: (block.kernel - 2) as 3 }));
  return { ...arch, blocks: smaller };
}
