/**
 * How a group acts on the parameters of a comparator whose channels are taken in fields of |G|, and which of its channels may
 * be put into another order before.
 */
import { normNames } from '../../nn/norm';
import type { FreeOrder, OrderedPlace, ParamAction, Refusal } from '../family';
import { mobileBlocks, mobileLayers } from './layout';
import type { MobileSpec } from './spec';

/** Its strides single out a corner of every cell: what the group leaves as it is turns all but exactly (`projected`). */
export function actions(spec: MobileSpec): ParamAction[] {
  const layers = mobileLayers(spec).flatMap(({ index, kind }): ParamAction[] => [
    {
      name: `conv${index}.weight`,
      axes: ['kernel', index === 1 || kind === 'depthwise' ? 'fixed' : 'fields', 'fixed', 'fields'],
    },
    ...Object.values(normNames(`norm${index}`)).map((name): ParamAction => ({ name, axes: ['fields'] })),
  ]);
  return [...layers, { name: 'dense.weight', axes: ['fields', 'fixed'] }];
}

/**
 * Channels from one full convolution to the next, through whatever is depthwise; where a block's output is added to its input,
 * they are the input's.
 */
export function orders(spec: MobileSpec): FreeOrder[] {
  const found: { readonly count: number; readonly places: OrderedPlace[] }[] = [];
  const begun = (count: number) => {
    found.push({ count, places: [] });
    return found.at(-1)!;
  };
  const place = (name: string, axis: number, decides = false): OrderedPlace => ({
    name,
    axis,
    from: 0,
    decides,
  });
  let current = begun(0);
  for (const { layers, residual } of mobileBlocks(spec)) {
    const entering = current;
    for (const layer of layers) {
      const weight = `conv${layer.index}.weight`;
      const isAdded = residual && layer === layers.at(-1);
      if (layer.kind === 'convolution') {
        current.places.push(place(weight, 1));
        current = isAdded ? entering : begun(layer.channelsOut);
      }
      // What is added reads channels that are arranged later.
      current.places.push(place(weight, 3, !isAdded));
      current.places.push(...Object.values(normNames(`norm${layer.index}`)).map((name) => place(name, 0)));
    }
  }
  current.places.push(place('dense.weight', 0));
  // The first are the picture's.
  return found.slice(1);
}

/**
 * A comparator has no equivariant network to become. Its weights have a projection like any other's, and R measures it; but a
 * stride of two keeps the first of every two pixels of an even map, turned the second: no weights make that turn. (Of an odd
 * map it keeps both edges, and turning is exact: 33 pixels become 17, 9, 5 and 3. Tiles have 32 or 64.)
 */
export function projected(): Refusal {
  return {
    refusal:
      'halves its maps by strides, which keep other pixels of a turned map than of an upright one, so no weights make it ' +
      'equivariant',
  };
}
