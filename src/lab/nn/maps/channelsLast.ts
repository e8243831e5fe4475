/**
 * Maps channels last: the filters are expanded into the bank of one ordinary convolution. The reference for every other
 * form, and what runs on backends without kernels of the lab's own.
 */
import * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import { convolve } from '../ops/convolution';
import { expandFilters } from '../ops/expand';
import { fieldMoments, normReluPool, perChannel } from '../ops/fieldNorm';
import { maxPool, splitMax, splitMaxPool } from '../ops/maxima';
import type { MapForm, Maps, OpenMapLayer } from './form';

export const channelsLast: MapForm = {
  name: 'channels last',
  enter: (pictures) => pictures,
  leave: (maps) => maps as tf.Tensor4D,
  convolve: (maps, weights, shape, constant) =>
    convolve(maps as tf.Tensor4D, expandFilters(weights, shape, 'grid'), constant),
  moments: (maps, order) => fieldMoments(maps as tf.Tensor4D, order),
  normReluPool: (maps, scale, shift, moments, pool) =>
    normReluPool(maps as tf.Tensor4D, scale, shift, moments, pool),
  groupPool,
  groupMean,
  maxPool: (maps) => splitMaxPool(maps as tf.Tensor4D),
  openLayer,
  silence: (maps, channels) => tf.mul(maps, keptChannels(maps.shape[3]!, channels)),
  view: ({ shape: [tiles, height, width, channels] }, units) => [
    tiles,
    height! * width!,
    units,
    channels! / units,
  ],
};

function groupPool(maps: Maps, order: number): tf.Tensor4D {
  if (order === 1) return maps as tf.Tensor4D;
  const [tiles, height, width, channels] = maps.shape as [number, number, number, number];
  const fields = channels / order;
  const pooled = splitMax(tf.reshape(maps, [tiles * height * width * fields, order, 1]) as tf.Tensor3D);
  return tf.reshape(pooled, [tiles, height, width, fields]);
}

function groupMean(maps: Maps, order: number): tf.Tensor4D {
  const [tiles, height, width, channels] = maps.shape as [number, number, number, number];
  const means = tf.mean(tf.reshape(maps, [-1, order]), 1);
  return tf.reshape(means, [tiles, height, width, channels / order]);
}

function openLayer(weights: tf.Tensor4D, bias: tf.Tensor1D, shape: FilterShape): OpenMapLayer {
  const { order } = GROUPS[shape.group];
  const bank = tf.tidy(() => expandFilters(weights, shape, 'grid'));
  // tfjs's convolutions may read the bias's shape from its data, which a reshape leaves behind: make new data.
  const channelBias = tf.tidy(() => tf.add(perChannel(bias, order), 0));
  return {
    run: (maps, pool) => {
      const x = maps as tf.Tensor4D;
      const options = { strides: 1, pad: 'same', activation: 'relu' } as const;
      const active = tf.fused.conv2d({ x, filter: bank, bias: channelBias, ...options });
      return pool ? maxPool(active) : active;
    },
    respond: (maps) => {
      const x = maps as tf.Tensor4D;
      return tf.relu(tf.add(convolve(x, bank, 'filter'), channelBias));
    },
    dispose: () => tf.dispose([bank, channelBias]),
  };
}

/** 1 for the channels that are kept, 0 for the others. */
export function keptChannels(count: number, silenced: Uint32Array): tf.Tensor1D {
  const kept = new Float32Array(count).fill(1);
  for (const channel of silenced) kept[channel] = 0;
  return tf.tensor1d(kept);
}
