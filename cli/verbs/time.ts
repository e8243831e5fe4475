import { availableParallelism, cpus, loadavg } from 'node:os';
import { type Command, Option } from 'commander';
import { BadInput } from '../../src/lab/errors';
import type { Ratio } from '../../src/lab/evaluate/timing';
import { requireHidden } from '../../src/lab/families/units';
import { openIn } from '../../src/lab/files/onnx/runtime';
import {
  ENGINES,
  type OnnxOpener,
  type TimedEngine,
  type TimedNetwork,
  timeNetworks,
} from '../../src/lab/files/onnx/timing';
import { plain } from '../../src/lab/plain';
import { extractFields } from '../../src/lab/prune/fields/extract';
import { fieldSaliencies } from '../../src/lab/prune/fields/prune';
import { keptByRatio } from '../../src/lab/prune/fields/rank';
import { weightStatistics } from '../../src/lab/prune/fields/statistics';
import { kernelThreads } from '../../src/lab/runtime/backend';
import { startNodeBackend, wantedThreads } from '../node/backend';
import { openAnyModel } from '../node/models';
import { runtimeWith } from '../node/onnxRuntime';
import { runStage } from '../node/runStage';
import { columns } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { numberOption, type OutputOptions, oneOf, print, wholeOption } from '../work';

interface Options extends OutputOptions {
  readonly engine: readonly TimedEngine[];
  readonly threads?: readonly number[];
  readonly batch: readonly number[];
  readonly runs: number;
  readonly pruned?: number;
}

const WARM = 3;
const MOST_AT_ONCE = 4096;

/** `time <models…>`: how long networks take to answer here, by the lab and by ONNX Runtime, in turn. */
export function time(program: Command): void {
  program
    .command('time <models...>')
    .description(
      'how long networks take to answer here, by the lab’s engine and by ONNX Runtime, in turn in one process; each held against the first',
    )
    .addOption(
      new Option('--engine <which>', `${ENGINES.join(', ')}, comma-separated`)
        .argParser((text: string) => text.split(',').map((name) => oneOf('engine', name, ENGINES)))
        .default(ENGINES, ENGINES.join(',')),
    )
    .option('--threads <list>', 'comma-separated (default: 1 and all cores)', wholesOption('threads', 64))
    .option(
      '--batch <list>',
      'pictures at a time, comma-separated',
      wholesOption('batch', MOST_AT_ONCE),
      [1, 32],
    )
    .option('--runs <n>', 'timed runs of each, after a few to warm up', wholeOption('runs', 1), 30)
    .option(
      '--pruned <share>',
      'beside each the same network without this share of each layer’s fields (L2), held against it',
      numberOption('pruned'),
    )
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (references: string[], options: Options) => {
      const { engine: engines, batch: batches, runs } = options;
      const threads = options.threads ?? [...new Set([1, wantedThreads(process.env.LAB_THREADS)])];
      const given = await Promise.all(references.map((reference) => openAnyModel(reference)));
      const { reason } = await startNodeBackend('auto', Math.max(...threads));
      const here = kernelThreads()?.all ?? 1;
      if (engines.includes('lab') && Math.max(...threads) > here)
        throw new BadInput(`The lab cannot have ${Math.max(...threads)} threads here: ${reason}`);
      const whole = references.map(
        (name, i): TimedNetwork => ({
          ...{ name: plain(name), model: given[i] },
          whole: options.pruned === undefined && i > 0 ? 0 : null,
        }),
      );
      const networks = options.pruned === undefined ? whole : await withPruned(whole, options.pruned);
      const runtimes: OnnxOpener[] = [];
      for (const count of engines.includes('onnxruntime') ? threads : []) {
        const runtime = await runtimeWith(count);
        runtimes.push({ threads: count, open: (network) => openIn(runtime, network) });
      }
      const load = [loadavg()[0]];
      const plan = { engines, threads, batches, runs, warm: WARM };
      const { rows, peaks } = await runStage(timeNetworks(networks, plan, runtimes), options);
      load.push(loadavg()[0]);
      const device = {
        hardware: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
        node: process.version,
        load,
        /** Of the whole process: everything that was timed, its runtime and Node itself. */
        peakResidentBytes: 1024 * process.resourceUsage().maxRSS,
      };
      const named = rows.map(({ network, ...row }) => ({ network: networks[network].name, ...row }));
      const held = peaks.map(({ network, ...peak }) => ({ network: networks[network].name, ...peak }));
      print({ ...device, runs, rows: named, peakTensorBytes: held }, options, () => [
        `${device.hardware}, Node ${device.node}; load ${load.map((value) => value.toFixed(2)).join(' before, ')} after`,
        'Milliseconds of a call, from normalised numbers to logits; ratios within a round: the middle one, and its quarters.',
        '',
        ...columns([
          ['network', 'engine', 'threads', 'batch', 'p50', 'p95', 'least', 'of the whole', 'of the lab'],
          ...named.map(({ network, engine, threads, batch, p50, p95, least, toWhole, toLab }) => [
            ...[network, engine, threads ?? '–', batch],
            ...[p50, p95, least].map((milliseconds) => milliseconds.toFixed(2)),
            ...[ratioCell(toWhole), ratioCell(toLab)],
          ]),
        ]),
        '',
        ...(held.length > 0
          ? [
              ...columns([
                ['most bytes of tensors in a pass of the lab', 'batch', 'bytes'],
                ...held.map(({ network, batch, bytes }) => [network, batch, bytes]),
              ]),
              '',
            ]
          : []),
        `${rows[0].runs} runs of each; the process held ${device.peakResidentBytes} bytes at most, all of this together; ONNX Runtime tells no memory`,
      ]);
    });
}

const ratioCell = (ratio: Ratio | null): string =>
  ratio ? `${ratio.p50.toFixed(2)} (${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)})` : '–';

/** Each network, and behind it the same without a share of the fields of each of its layers. */
async function withPruned(given: readonly TimedNetwork[], share: number): Promise<TimedNetwork[]> {
  if (!(share > 0 && share < 1))
    throw new BadInput(`--pruned takes a share between 0 and 1, such as 0.5, not ${share}.`);
  const networks: TimedNetwork[] = [];
  for (const network of given) {
    const model = requireHidden(network.model, `"${network.name}"`);
    const choice = { method: 'l2', seed: 1 } as const;
    const saliencies = fieldSaliencies(model, choice, await weightStatistics(model));
    const kept = keptByRatio(
      saliencies,
      share,
      model.arch.blocks.map((_, i) => i + 1),
    );
    const whole = networks.length;
    networks.push(network, {
      ...{ name: `${network.name} −${Math.round(100 * share)} %`, whole },
      model: extractFields(model, kept),
    });
  }
  return networks;
}

/** Whole numbers from 1, each once. */
function wholesOption(name: string, most: number): (text: string) => number[] {
  return (text) => {
    const values = [...new Set(text.split(',').map(wholeOption(name, 1)))];
    const much = values.find((value) => value > most);
    if (much !== undefined) throw new BadInput(`--${name} takes numbers up to ${most}, not ${much}.`);
    return values;
  };
}
