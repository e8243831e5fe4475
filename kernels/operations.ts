/** Every operation that runs in chunks, by the number that src/lab/runtime/kernels/engine.ts has for it. */
import { adamChunk } from './adam';
import { attentionChunk, attentionGradientChunk } from './attention';
import {
  channelGradient, channelNorm, channelTable, finishChannelGradient, sumChannelGradient, sumChannelMoments,
} from './channelNorm';
import { convolveTile, paddedBytes, SCRATCH, SCRATCH_BYTES, word } from './convolve';
import {
  depthwiseInputGradientTile, depthwiseTile, finishDepthwiseFilterGradient, sumDepthwiseFilterGradient,
} from './depthwise';
import { fieldComponents, fieldRows } from './fieldRows';
import { filterGradientChunk } from './filterGradient';
import { geluChunk, geluGradientChunk } from './gelu';
import { poolGroupGradientTile, poolGroupTile } from './groupPooling';
import { findBounds, findLevels, multiplyIntegers } from './integers';
import { finishLayerNormGradient, layerNormChunk, layerNormGradientChunk } from './layerNorm';
import { fromPlanesTile, toPlanesTile } from './layout';
import { multiplyChunk } from './matmul';
import { finishMoments, normTile, sumMoments } from './norm';
import { finishNormGradient, normGradientTile, sumNormGradient } from './normGradient';
import {
  orbitBiasGradient, orbitHidden, orbitMapGradient, orbitMaps, orbitResponseGradient, orbitWeightGradient, orbitWeights,
} from './orbitHead';
import { addChunk, timesChunk } from './pointwise';
import { poolGradientTile, poolTile } from './pooling';
import { winogradChunk } from './winograd';
import { packWinogradChunk } from './winogradWeights';

export const CONVOLVE = 0;
export const FILTER_GRADIENT = 1;
export const SUM_MOMENTS = 2;
export const FINISH_MOMENTS = 3;
export const NORM = 4;
export const SUM_NORM_GRADIENT = 5;
export const FINISH_NORM_GRADIENT = 6;
export const NORM_GRADIENT = 7;
export const POOL = 8;
export const POOL_GRADIENT = 9;
export const POOL_GROUP = 10;
export const POOL_GROUP_GRADIENT = 11;
export const TO_PLANES = 12;
export const FROM_PLANES = 13;
export const MULTIPLY = 14;
export const ADAM = 15;
export const DEPTHWISE = 16;
export const DEPTHWISE_INPUT_GRADIENT = 17;
export const SUM_DEPTHWISE_FILTER_GRADIENT = 18;
export const FINISH_DEPTHWISE_FILTER_GRADIENT = 19;
export const SUM_CHANNEL_MOMENTS = 20;
export const CHANNEL_TABLE = 21;
export const CHANNEL_NORM = 22;
export const SUM_CHANNEL_GRADIENT = 23;
export const FINISH_CHANNEL_GRADIENT = 24;
export const CHANNEL_GRADIENT = 25;
export const ADD = 26;
export const FIND_BOUNDS = 27;
export const FIND_LEVELS = 28;
export const MULTIPLY_INTEGERS = 29;
export const ORBIT_WEIGHTS = 30;
export const ORBIT_WEIGHT_GRADIENT = 31;
export const ORBIT_MAPS = 32;
export const ORBIT_MAP_GRADIENT = 33;
export const ORBIT_HIDDEN = 34;
export const ORBIT_RESPONSE_GRADIENT = 35;
export const ORBIT_BIAS_GRADIENT = 36;
export const TIMES = 37;
export const GELU = 38;
export const GELU_GRADIENT = 39;
export const ATTENTION = 40;
export const ATTENTION_GRADIENT = 41;
export const LAYER_NORM = 42;
export const LAYER_NORM_GRADIENT = 43;
export const FINISH_LAYER_NORM_GRADIENT = 44;
export const FIELD_COMPONENTS = 45;
export const FIELD_ROWS = 46;
export const WINOGRAD = 47;
export const PACK_WINOGRAD = 48;

/** `first`: this thread's first chunk of the job, for which it makes its piece of scratch ready. */
export function runChunk(operation: i32, job: usize, chunk: i32, thread: i32, first: bool): void {
  switch (operation) {
    case CONVOLVE: {
      convolveTile(job, chunk, scratchOf(job, thread, first));
      break;
    }
    case FILTER_GRADIENT: {
      filterGradientChunk(job, chunk, scratchOf(job, thread, first));
      break;
    }
    case SUM_MOMENTS: {
      sumMoments(job, chunk);
      break;
    }
    case FINISH_MOMENTS: {
      finishMoments(job);
      break;
    }
    case NORM: {
      normTile(job, chunk);
      break;
    }
    case SUM_NORM_GRADIENT: {
      sumNormGradient(job, chunk);
      break;
    }
    case FINISH_NORM_GRADIENT: {
      finishNormGradient(job);
      break;
    }
    case NORM_GRADIENT: {
      normGradientTile(job, chunk);
      break;
    }
    case POOL: {
      poolTile(job, chunk);
      break;
    }
    case POOL_GRADIENT: {
      poolGradientTile(job, chunk);
      break;
    }
    case POOL_GROUP: {
      poolGroupTile(job, chunk);
      break;
    }
    case POOL_GROUP_GRADIENT: {
      poolGroupGradientTile(job, chunk);
      break;
    }
    case TO_PLANES: {
      toPlanesTile(job, chunk);
      break;
    }
    case FROM_PLANES: {
      fromPlanesTile(job, chunk);
      break;
    }
    case MULTIPLY: {
      multiplyChunk(job, chunk, thread, first);
      break;
    }
    case ADAM: {
      adamChunk(job, chunk);
      break;
    }
    case DEPTHWISE: {
      depthwiseTile(job, chunk);
      break;
    }
    case DEPTHWISE_INPUT_GRADIENT: {
      depthwiseInputGradientTile(job, chunk);
      break;
    }
    case SUM_DEPTHWISE_FILTER_GRADIENT: {
      sumDepthwiseFilterGradient(job, chunk);
      break;
    }
    case FINISH_DEPTHWISE_FILTER_GRADIENT: {
      finishDepthwiseFilterGradient(job);
      break;
    }
    case SUM_CHANNEL_MOMENTS: {
      sumChannelMoments(job, chunk);
      break;
    }
    case CHANNEL_TABLE: {
      channelTable(job);
      break;
    }
    case CHANNEL_NORM: {
      channelNorm(job, chunk);
      break;
    }
    case SUM_CHANNEL_GRADIENT: {
      sumChannelGradient(job, chunk);
      break;
    }
    case FINISH_CHANNEL_GRADIENT: {
      finishChannelGradient(job);
      break;
    }
    case CHANNEL_GRADIENT: {
      channelGradient(job, chunk);
      break;
    }
    case ADD: {
      addChunk(job, chunk);
      break;
    }
    case FIND_BOUNDS: {
      findBounds(job, chunk);
      break;
    }
    case FIND_LEVELS: {
      findLevels(job, chunk);
      break;
    }
    case MULTIPLY_INTEGERS: {
      multiplyIntegers(job, chunk);
      break;
    }
    case ORBIT_WEIGHTS: {
      orbitWeights(job, chunk, thread);
      break;
    }
    case ORBIT_WEIGHT_GRADIENT: {
      orbitWeightGradient(job, chunk, thread);
      break;
    }
    case ORBIT_MAPS: {
      orbitMaps(job, chunk, thread);
      break;
    }
    case ORBIT_MAP_GRADIENT: {
      orbitMapGradient(job, chunk, thread);
      break;
    }
    case ORBIT_HIDDEN: {
      orbitHidden(job, chunk, thread);
      break;
    }
    case ORBIT_RESPONSE_GRADIENT: {
      orbitResponseGradient(job, chunk, thread);
      break;
    }
    case ORBIT_BIAS_GRADIENT: {
      orbitBiasGradient(job);
      break;
    }
    case TIMES: {
      timesChunk(job, chunk);
      break;
    }
    case GELU: {
      geluChunk(job, chunk);
      break;
    }
    case GELU_GRADIENT: {
      geluGradientChunk(job, chunk);
      break;
    }
    case ATTENTION: {
      attentionChunk(job, chunk, thread);
      break;
    }
    case ATTENTION_GRADIENT: {
      attentionGradientChunk(job, chunk, thread);
      break;
    }
    case LAYER_NORM: {
      layerNormChunk(job, chunk);
      break;
    }
    case LAYER_NORM_GRADIENT: {
      layerNormGradientChunk(job, chunk);
      break;
    }
    case FIELD_COMPONENTS: {
      fieldComponents(job, chunk, thread);
      break;
    }
    case FIELD_ROWS: {
      fieldRows(job, chunk, thread);
      break;
    }
    case FINISH_LAYER_NORM_GRADIENT: {
      finishLayerNormGradient(job);
      break;
    }
    case WINOGRAD: {
      winogradChunk(job, chunk, thread, first);
      break;
    }
    case PACK_WINOGRAD: {
      packWinogradChunk(job, chunk);
      break;
    }
  }
}

/** A thread's piece of scratch, its planes' borders zero. */
function scratchOf(job: usize, thread: i32, first: bool): usize {
  const piece = word(job, SCRATCH) + word(job, SCRATCH_BYTES) * <usize>thread;
  if (first) memory.fill(piece, 0, paddedBytes(job));
  return piece;
}
