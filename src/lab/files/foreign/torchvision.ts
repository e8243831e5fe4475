/**
 * torchvision's networks by the names in their checkpoints (`state_dict`): what the names do not say, strides and pools, is that
 * of torchvision.models, release 0.14: vgg.py, resnet.py, mobilenetv2.py.
 */
import { convolutionOf, denseOf, normOf } from './layers';
import { type RawNetwork, Sequence } from './raw';
import type { Weights } from './weights';

/** A kind of network that is known by its names. */
export interface Naming {
  readonly kind: string;
  is(weights: Weights): boolean;
  read(weights: Weights): RawNetwork;
}

/** features.<i> (convolutions, norms), classifier.<i> (dense layers): the numbers between tell where it pools. */
export const vgg: Naming = {
  kind: 'VGG',
  is: (weights) => weights.has('features.0.weight') && weights.has('classifier.0.weight'),
  read: (weights) => {
    const net = new Sequence();
    let channels = weights.shape('features.0.weight')?.[1] ?? 0;
    const places = numbersOf(weights, 'features');
    for (const [i, place] of places.entries()) {
      const name = `features.${place}`;
      if (weights.has(`${name}.running_mean`)) {
        net.add(normOf(weights, name, channels));
      } else {
        const layer = convolutionOf(weights, name, channels);
        net.add(layer);
        channels = layer.weight.shape[0];
      }
      const next = places[i + 1];
      // A norm follows right behind, then ReLU; a number more is a pool's.
      if (next === place + 1) continue;
      net.add({ op: 'relu', name: `features.${place + 1}` });
      if (next === undefined || next === place + 3)
        net.add({ op: 'maximum pool', name: `features.${place + 2}`, kernel: 2, stride: 2, padding: 0 });
      else if (next !== place + 2)
        weights.misfits.push(
          `"features.${place + 2}" to "features.${next - 1}" have no weights, and are no ReLU and pool`,
        );
    }
    const inputs = weights.shape('classifier.0.weight')?.[1] ?? 0;
    const side = Math.sqrt(inputs / channels);
    if (inputs > 0 && !Number.isInteger(side))
      weights.misfits.push(
        `"classifier.0" reads ${inputs} numbers, which are no square maps of ${channels} channels`,
      );
    else net.add({ op: 'adaptive pool', name: 'avgpool', size: Math.max(1, side) });
    net.add({ op: 'flatten', name: 'flatten' });
    const dense = numbersOf(weights, 'classifier');
    for (const place of dense) {
      net.add(denseOf(weights, `classifier.${place}`));
      if (place !== dense.at(-1)) net.add({ op: 'relu', name: `classifier.${place + 1}` });
    }
    return { kind: vgg.kind, id: 'vgg', layers: net.layers };
  },
};

/** conv1, bn1, layer<stage>.<block>.conv<i> and bn<i>, …downsample.0 and .1, fc: blocks of two convolutions, or of three. */
export const resnet: Naming = {
  kind: 'ResNet',
  is: (weights) =>
    weights.has('conv1.weight') && weights.has('layer1.0.conv1.weight') && weights.has('fc.weight'),
  read: (weights) => {
    const net = new Sequence();
    const shape = weights.shape('conv1.weight');
    // For small pictures, as for CIFAR: 3×3 without a stride, and no pool.
    const isSmall = shape?.[2] === 3;
    const normed = (conv: string, norm: string, inputs: number, stride: number): number => {
      const layer = convolutionOf(weights, conv, inputs, { stride });
      net.add(layer);
      net.add(normOf(weights, norm, layer.weight.shape[0]));
      return layer.weight.shape[0];
    };
    let channels = normed('conv1', 'bn1', shape?.[1] ?? 0, isSmall ? 1 : 2);
    net.add({ op: 'relu', name: 'relu' });
    if (!isSmall) net.add({ op: 'maximum pool', name: 'maxpool', kernel: 3, stride: 2, padding: 1 });
    for (let stage = 1; weights.has(`layer${stage}.0.conv1.weight`); stage++) {
      for (let block = 0; weights.has(`layer${stage}.${block}.conv1.weight`); block++) {
        const name = `layer${stage}.${block}`;
        const stride = stage > 1 && block === 0 ? 2 : 1;
        const entering = net.at;
        const isBottleneck = weights.has(`${name}.conv3.weight`);
        const inputs = channels;
        const parts = isBottleneck ? [1, 2, 3] : [1, 2];
        for (const part of parts) {
          // A bottleneck has its stride in the middle, as torchvision's since 0.2.
          const isStrided = part === (isBottleneck ? 2 : 1);
          channels = normed(`${name}.conv${part}`, `${name}.bn${part}`, channels, isStrided ? stride : 1);
          if (part !== parts.at(-1)) net.add({ op: 'relu', name: `${name}.relu${part}` });
        }
        const main = net.at;
        let beside = entering;
        if (weights.has(`${name}.downsample.0.weight`)) {
          net.at = entering;
          normed(`${name}.downsample.0`, `${name}.downsample.1`, inputs, stride);
          beside = net.at;
        }
        net.at = main;
        net.add({ op: 'sum', name, and: beside });
        net.add({ op: 'relu', name: `${name}.relu` });
      }
    }
    net.add({ op: 'average', name: 'avgpool' });
    net.add(denseOf(weights, 'fc'));
    return { kind: resnet.kind, id: 'resnet', layers: net.layers };
  },
};

/** In `features` of MobileNet-V2: the blocks whose depthwise convolution has a stride of two. */
const STRIDED_BLOCKS = [2, 4, 7, 14];

/** features.0 (stem), features.<block>.conv.…, the last of features, classifier.1. */
export const mobileNet: Naming = {
  kind: 'MobileNet-V2',
  is: (weights) => weights.has('features.0.0.weight') && weights.has('features.1.conv.0.0.weight'),
  read: (weights) => {
    const net = new Sequence();
    const normed = (
      conv: string,
      norm: string,
      inputs: number,
      stride: number,
      isActive: boolean,
    ): number => {
      const layer = convolutionOf(weights, conv, inputs, { stride });
      net.add(layer);
      net.add(normOf(weights, norm, layer.weight.shape[0]));
      if (isActive) net.add({ op: 'relu6', name: `${conv}.relu6` });
      return layer.weight.shape[0];
    };
    let channels = normed(
      'features.0.0',
      'features.0.1',
      weights.shape('features.0.0.weight')?.[1] ?? 0,
      2,
      true,
    );
    const places = numbersOf(weights, 'features').filter((place) => place > 0);
    for (const place of places) {
      const name = `features.${place}`;
      if (weights.has(`${name}.0.weight`)) {
        channels = normed(`${name}.0`, `${name}.1`, channels, 1, true);
        continue;
      }
      const [entering, inputs] = [net.at, channels];
      const stride = STRIDED_BLOCKS.includes(place) ? 2 : 1;
      const isWidened = weights.has(`${name}.conv.1.0.weight`);
      if (isWidened) channels = normed(`${name}.conv.0.0`, `${name}.conv.0.1`, channels, 1, true);
      const at = isWidened ? 1 : 0;
      channels = normed(`${name}.conv.${at}.0`, `${name}.conv.${at}.1`, channels, stride, true);
      channels = normed(`${name}.conv.${at + 1}`, `${name}.conv.${at + 2}`, channels, 1, false);
      if (stride === 1 && channels === inputs) net.add({ op: 'sum', name, and: entering });
    }
    net.add({ op: 'average', name: 'avgpool' });
    net.add(denseOf(weights, 'classifier.1'));
    return { kind: mobileNet.kind, id: 'mobilenet', layers: net.layers };
  },
};

/** The numbers right behind <prefix>. that have tensors, ascending. */
function numbersOf(weights: Weights, prefix: string): number[] {
  const found = weights.names.flatMap((name) => {
    const [first, second] = name.split('.');
    return first === prefix && /^\d{1,4}$/.test(second ?? '') ? [Number(second)] : [];
  });
  return [...new Set(found)].sort((a, b) => a - b);
}
