/** Two networks beside each other as plain values, to be saved: figures in full. */
import type { NetworkDiff } from '../../lab/evaluate/layerDiff';
import { pairWords } from '../../lab/evaluate/layerWords';
import type { Cell, Table } from '../../state/page/table';
import type { TimedHere } from '../../worker/protocol/results';

const COLUMNS = [
  ['parameters', 'params'],
  ['multiply-adds', 'macs'],
  ['stored here (bytes)', 'bytes'],
  ['exported (bytes)', 'exported'],
] as const;

/** A row for each layer of either network. */
export function layersBesideTable({ before, after, pairs }: NetworkDiff): Table {
  return {
    name: `layers ${before.name} ${after.name}`,
    title: 'Layers before and after',
    columns: [
      ...['layer before', 'layer after', 'kind before', 'kind after', 'leaves before', 'leaves after'],
      ...COLUMNS.flatMap(([name]) => [`${name} before`, `${name} after`]),
      ...['units removed', 'fate', 'what became of it'],
    ],
    rows: pairs.map((pair) => {
      const sides = [pair.before, pair.after];
      return [
        ...sides.map((layer) => layer?.name ?? null),
        ...sides.map((layer) => layer?.kind ?? null),
        ...sides.map((layer) => layer?.shape?.join('x') ?? null),
        ...COLUMNS.flatMap(([, of]) => sides.map((layer): Cell => layer?.[of] ?? null)),
        ...[pair.removed, pair.fate, pairWords(pair)],
      ];
    }),
    source: { before: before.name, after: after.name },
  };
}

/** A row for each network, engine, number of threads and of pictures. */
export function paceTable({ names, rows, peaks, onnxruntime }: TimedHere, engine: string): Table {
  return {
    name: `time ${names.join(' ')}`,
    title: 'How fast networks answer on this device',
    columns: [
      ...['network', 'engine', 'threads', 'pictures at a time', 'runs'],
      ...['p50 (ms)', 'p95 (ms)', 'least (ms)'],
      ...['of the whole network, p25', 'of the whole network, p50', 'of the whole network, p75'],
      ...['of the lab, p25', 'of the lab, p50', 'of the lab, p75'],
      'most bytes of tensors in a pass of the lab',
    ],
    rows: rows.map(({ network, engine, threads, batch, runs, p50, p95, least, toWhole, toLab }) => [
      ...[names[network], engine, threads, batch, runs, p50, p95, least],
      ...[toWhole, toLab].flatMap((ratio) => [ratio?.p25 ?? null, ratio?.p50 ?? null, ratio?.p75 ?? null]),
      (engine === 'lab' && peaks.find((peak) => peak.network === network && peak.batch === batch)?.bytes) ||
        null,
    ]),
    source: { 'engine of the lab': engine, 'ONNX Runtime': onnxruntime },
  };
}
