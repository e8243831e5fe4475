/**
 * The layers of a comparator with every size worked out, and its parameters in the lab's naming (gcnn/layout.ts):
 *
 *   conv{i}.weight [k², C_in, 1, C_out], depthwise [k², 1, 1, C]     no bias: a norm follows
 *   norm{i}.scale, .shift, .mean, .variance [C_out]
 *   dense.weight [features, classes]   dense.bias [classes]
 *
 * i counts the convolutions from 1: stem, then each block's expansion, depthwise, projection, then the last 1×1.
 * As everywhere, 8-bit integers stand beside a scale per output channel, with the norm folded into a bias.
 */
import { sizeOf } from '../../nn/model';
import { normNames } from '../../nn/norm';
import { DENSE, HE, type Start } from '../../nn/start';
import type { LayerWork, ParamLayout } from '../family';
import type { MobileSpec } from './spec';

export interface MobileLayer {
  /** Of conv{index} and norm{index}. */
  readonly index: number;
  readonly kind: 'convolution' | 'depthwise';
  /** Odd; padding (kernel − 1)/2 on all sides. */
  readonly kernel: number;
  readonly stride: 1 | 2;
  readonly channelsIn: number;
  readonly channelsOut: number;
  /** Height = width of the output: ⌈input / stride⌉. */
  readonly sizeOut: number;
  /** Whether ReLU6 follows the norm; projections are linear. */
  readonly active: boolean;
}

/** Layers in a row; with `residual` their input is added to their output. */
export interface MobileBlock {
  readonly name: string;
  readonly layers: readonly MobileLayer[];
  readonly residual: boolean;
}

/** Stem, inverted residual blocks and the last convolution, in order. */
export function mobileBlocks(spec: MobileSpec): MobileBlock[] {
  let index = 0;
  let size = spec.input.size;
  let channels = spec.input.channels;
  const layer = (
    kind: MobileLayer['kind'],
    channelsOut: number,
    { kernel = 1, stride = 1, active = true }: Partial<MobileLayer>,
  ): MobileLayer => {
    index++;
    const channelsIn = channels;
    channels = channelsOut;
    size = Math.ceil(size / stride);
    return { index, kind, kernel, stride, channelsIn, channelsOut, sizeOut: size, active };
  };
  const stem = layer('convolution', spec.stem.channels, { kernel: 3, stride: spec.stem.stride });
  const blocks: MobileBlock[] = [{ name: 'stem', layers: [stem], residual: false }];
  for (const stage of spec.stages) {
    for (let repeat = 0; repeat < stage.repeats; repeat++) {
      const { kernel, expansion } = stage;
      const stride = repeat === 0 ? stage.stride : 1;
      const entering = channels;
      const wide = entering * expansion;
      const layers = [
        ...(expansion > 1 ? [layer('convolution', wide, {})] : []),
        layer('depthwise', wide, { kernel, stride }),
        layer('convolution', stage.channels, { active: false }),
      ];
      const residual = stride === 1 && entering === stage.channels;
      blocks.push({ name: `block${blocks.length}`, layers, residual });
    }
  }
  blocks.push({ name: 'features', layers: [layer('convolution', spec.features, {})], residual: false });
  return blocks;
}

/** All convolutions in order. */
export function mobileLayers(spec: MobileSpec): MobileLayer[] {
  return mobileBlocks(spec).flatMap(({ layers }) => layers);
}

/** Shape in which a layer's weight is stored. */
export function weightShape({ kind, kernel, channelsIn, channelsOut }: MobileLayer): number[] {
  return [kernel ** 2, kind === 'depthwise' ? 1 : channelsIn, 1, channelsOut];
}

/** Every parameter, in a fixed order. */
export function mobileParams(spec: MobileSpec): ParamLayout[] {
  const layouts: ParamLayout[] = [];
  const inIntegers = spec.int8?.layers;
  const add = (name: string, shape: readonly number[], role: ParamLayout['role'], start: Start): void => {
    const [layer, part] = name.split('.');
    const head = layer === 'dense';
    const int8 = part === 'weight' && (inIntegers === 'all' || (inIntegers === 'dense' && head));
    layouts.push({ name, shape, layer, role, start, head, int8 });
  };
  for (const layer of mobileLayers(spec)) {
    const { index, channelsOut } = layer;
    add(`conv${index}.weight`, weightShape(layer), 'trained', HE);
    if (inIntegers === 'all') {
      add(`conv${index}.bias`, [channelsOut], 'idle', 0);
      add(`conv${index}.weight_scale`, [channelsOut], 'carried', 0);
      continue;
    }
    const norm = normNames(`norm${index}`);
    add(norm.scale, [channelsOut], 'trained', 1);
    add(norm.shift, [channelsOut], 'trained', 0);
    add(norm.mean, [channelsOut], 'carried', 0);
    add(norm.variance, [channelsOut], 'carried', 1);
  }
  add('dense.weight', [spec.features, spec.classes], 'trained', DENSE);
  add('dense.bias', [spec.classes], 'trained', 0);
  if (inIntegers) add('dense.weight_scale', [1], 'carried', 0);
  return layouts;
}

/** Every layer with parameters and its multiply-adds, in order. */
export function mobileWork(spec: MobileSpec): LayerWork[] {
  const layers = mobileLayers(spec).flatMap((layer): LayerWork[] => {
    const { index, kind, sizeOut, channelsOut, kernel } = layer;
    const shape = [sizeOut, sizeOut, channelsOut];
    const convolution: LayerWork = {
      ...{ layer: `conv${index}`, kind, macs: sizeOut ** 2 * sizeOf(weightShape(layer)) },
      ...{ makes: { unit: 'channel', count: channelsOut }, shape, kernel },
    };
    // In integers it has its norm folded in.
    return spec.int8?.layers === 'all'
      ? [convolution]
      : [convolution, { layer: `norm${index}`, kind: 'norm', macs: 0, shape }];
  });
  const { features, classes } = spec;
  const dense: LayerWork = {
    ...{ layer: 'dense', kind: 'dense', macs: features * classes },
    ...{ makes: { unit: 'class', count: classes }, shape: [classes] },
  };
  return [...layers, dense];
}
