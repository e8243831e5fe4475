/**
 * Batch norm channels last, every channel on its own, on the lab's own kernels (kernels/channelNorm.ts). The names are
 * those of fieldNorm.ts, which says what is computed.
 */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS, type Word } from '../../runtime/kernels/engine';
import type * as tf from '../../runtime/tf';
import { type NormAddresses, normWords, withSums } from '../maps/planarKernels';
import type { Clip } from './fieldNormLoops';
import { CHANNEL_MOMENTS, CHANNEL_NORM, CHANNEL_NORM_GRADIENT } from './names';

/** What does not sum runs in so many chunks. */
const PIECES = 32;

const NO_CLIP: Clip = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** As the kernels read it, each pixel is a tile of its own. */
const rowsOf = ({ shape }: tf.TensorInfo): number[] => {
  const channels = shape[shape.length - 1];
  return [shape.slice(0, -1).reduce((product, each) => product * each, 1), channels, 1, 1, 1];
};

interface Steps {
  readonly summing: readonly Word[];
  readonly other: readonly Word[];
}

function wordsOf(x: tf.TensorInfo, at: NormAddresses, table = 0, { low, high }: Clip = NO_CLIP): Steps {
  const [summing, other] = [CHUNKS, PIECES].map((chunks) => [
    ...normWords(rowsOf(x), false, at, chunks),
    ...[{ float: low }, { float: high }, table],
  ]);
  return { summing, other };
}

/** Lends room for four numbers of every channel. */
function withTable<T>({ kernels }: KernelsBackend, channels: number, use: (table: number) => T): T {
  const table = kernels.heap.allocate(16 * Math.ceil(channels / 4) * 4);
  const result = use(table);
  kernels.heap.release(table);
  return result;
}

registerOwnKernel(CHANNEL_MOMENTS, (backend, { x }) => {
  const [, channels] = rowsOf(x);
  const [mean, variance] = [backend.output([channels]), backend.output([channels])];
  withSums(backend, channels, (sums) => {
    const at = { x: backend.address(x), mean: mean.address, variance: variance.address, sums };
    const { summing } = wordsOf(x, at);
    backend.kernels.run(OPERATIONS.sumChannelMoments, summing, CHUNKS);
    backend.kernels.run(OPERATIONS.finishMoments, summing, 1);
  });
  return [mean, variance];
});

registerOwnKernel(CHANNEL_NORM, (backend, { x, scale, shift, mean, variance }, clip) => {
  const y = backend.output(x.shape);
  withTable(backend, rowsOf(x)[1], (table) => {
    const at = {
      x: backend.address(x),
      y: y.address,
      scale: backend.address(scale),
      shift: backend.address(shift),
      mean: backend.address(mean),
      variance: backend.address(variance),
    };
    const { other } = wordsOf(x, at, table, clip as unknown as Clip);
    backend.kernels.run(OPERATIONS.channelTable, other, 1);
    backend.kernels.run(OPERATIONS.channelNorm, other, PIECES);
  });
  return y;
});

registerOwnKernel(CHANNEL_NORM_GRADIENT, (backend, { x, scale, shift, mean, variance, dy }, clip) => {
  const { kernels } = backend;
  const [, channels] = rowsOf(x);
  const [dx, dScale, dShift] = [
    backend.output(x.shape),
    backend.output([channels]),
    backend.output([channels]),
  ];
  const pull = kernels.heap.allocate(channels * 8);
  withTable(backend, channels, (table) =>
    withSums(backend, channels, (sums) => {
      const at = {
        x: backend.address(x),
        scale: backend.address(scale),
        shift: backend.address(shift),
        mean: backend.address(mean),
        variance: backend.address(variance),
        dy: backend.address(dy),
        dx: dx.address,
        dScale: dScale.address,
        dShift: dShift.address,
        sums,
        pull,
      };
      const { summing, other } = wordsOf(x, at, table, clip as unknown as Clip);
      kernels.run(OPERATIONS.channelTable, other, 1);
      kernels.run(OPERATIONS.sumChannelGradient, summing, CHUNKS);
      kernels.run(OPERATIONS.finishChannelGradient, summing, 1);
      kernels.run(OPERATIONS.channelGradient, other, PIECES);
    }),
  );
  kernels.heap.release(pull);
  return [dx, dScale, dShift];
});

/** Adds a bias [C] to maps in place, and cuts off: the norm of slope 1. */
export function addAndClip(
  backend: KernelsBackend,
  maps: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  clip: Clip,
): void {
  const [, channels] = rowsOf(maps);
  withTable(backend, channels, (table) => {
    const room = Math.ceil(channels / 4) * 4;
    const address = backend.address(maps);
    backend.kernels.floats(table, room).fill(1);
    const offsets = backend.kernels.floats(table + 4 * room, channels);
    if (bias) offsets.set(backend.values(bias));
    else offsets.fill(0);
    const { other } = wordsOf(maps, { x: address, y: address, mean: 0, variance: 0 }, table, clip);
    backend.kernels.run(OPERATIONS.channelNorm, other, PIECES);
  });
}
