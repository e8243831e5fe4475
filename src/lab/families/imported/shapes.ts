/** What every layer of a network from elsewhere leaves: sizes worked out, and held against each other. */
import { BadInput } from '../../errors';
import { plain } from '../../plain';
import { GROUPS } from '../../symmetry/group';
import { type ImportedLayer, type ImportedSpec, isDepthwise, PICTURE } from './spec';

/** Maps [N, size, size, width], or rows [N, width] where there is no size. */
export interface Left {
  readonly size: number | null;
  readonly width: number;
  /** Whether the channels of maps stand in fields of |G|, of the group that acts. */
  readonly inFields: boolean;
}

/** What each layer leaves, by name, the picture first. Throws `BadInput` that names the layer whose sizes do not work out. */
export function shapesOf(
  spec: Pick<ImportedSpec, 'input' | 'layers' | 'acting' | 'classes' | 'id'>,
): Map<string, Left> {
  const { input, layers, acting, classes } = spec;
  const left = new Map<string, Left>([
    [PICTURE, { size: input.size, width: input.channels, inFields: false }],
  ]);
  const order = GROUPS[acting ?? 'C1'].order;
  for (const layer of layers) {
    const wrong = (why: string) =>
      new BadInput(`Layer "${plain(layer.name)}" of "${plain(spec.id)}" does not work out: ${why}.`);
    if (left.has(layer.name)) throw wrong('there are two of that name');
    const read = left.get(layer.from);
    if (!read) throw wrong(`it reads "${plain(layer.from)}", which is not before it`);
    left.set(layer.name, leftBy(layer, read, left, order, wrong));
  }
  const last = left.get(layers.at(-1)!.name)!;
  if (last.size !== null || last.width !== classes) {
    const what = last.size === null ? `${last.width} numbers` : 'maps';
    throw new BadInput(
      `The last layer of "${plain(spec.id)}" leaves ${what}, and should leave ${classes} logits.`,
    );
  }
  return left;
}

type Wrong = (why: string) => BadInput;

function leftBy(
  layer: ImportedLayer,
  read: Left,
  left: ReadonlyMap<string, Left>,
  order: number,
  wrong: Wrong,
): Left {
  switch (layer.op) {
    case 'convolution': {
      const { outputs, groups } = layer;
      const size = pooledSize(layer, mapSize(read, wrong), wrong);
      if (groups === 1) return { size, width: outputs, inFields: order > 1 && outputs % order === 0 };
      if (groups !== read.width || outputs !== read.width)
        throw wrong(
          `${groups} groups of ${read.width} channels to ${outputs}: only depthwise ones are known, a filter for each channel`,
        );
      return { ...read, size };
    }
    case 'maximum pool':
      return { ...read, size: pooledSize(layer, mapSize(read, wrong), wrong) };
    case 'average pool':
      return { ...read, size: pooledSize({ ...layer, padding: 0 }, mapSize(read, wrong), wrong) };
    case 'average':
      mapSize(read, wrong);
      return { ...read, size: null };
    case 'field maximum':
    case 'field mean':
      if (read.width % layer.order !== 0)
        throw wrong(`${read.width} channels are no fields of ${layer.order}`);
      return { ...read, width: read.width / layer.order, inFields: false };
    case 'sum': {
      const other = left.get(layer.and);
      if (!other) throw wrong(`it reads "${plain(layer.and)}", which is not before it`);
      if (other.size !== read.size || other.width !== read.width)
        throw wrong(`it adds ${words(read)} and ${words(other)}`);
      return { ...read, inFields: read.inFields && other.inFields };
    }
    case 'flatten':
      return { ...read, size: null, width: read.width * mapSize(read, wrong) ** 2 };
    case 'dense':
      if (read.size !== null) throw wrong(`it reads ${words(read)}: maps are averaged or flattened first`);
      return { size: null, width: layer.outputs, inFields: false };
    case 'turned dense':
      mapSize(read, wrong);
      return { size: null, width: layer.outputs, inFields: false };
    case 'scale':
    case 'relu':
    case 'relu6':
      return read;
  }
}

function mapSize({ size }: Left, wrong: Wrong): number {
  if (size === null) throw wrong('it reads rows of numbers, and should read maps');
  return size;
}

function pooledSize(
  { kernel, stride, padding }: { readonly kernel: number; readonly stride: number; readonly padding: number },
  size: number,
  wrong: Wrong,
): number {
  if (2 * padding > kernel) throw wrong(`a padding of ${padding} is too much for a kernel of ${kernel}`);
  const out = Math.floor((size + 2 * padding - kernel) / stride) + 1;
  if (out < 1)
    throw wrong(`its kernel of ${kernel} does not fit maps of ${size}×${size}: the pictures are too small`);
  return out;
}

const words = ({ size, width }: Left): string =>
  size === null ? `${width} numbers` : `${width} maps of ${size}×${size}`;

/** Shape in which a convolution's weight is stored: [k², inputs of a filter, 1, outputs]. */
export const filterShape = (
  layer: Extract<ImportedLayer, { op: 'convolution' }>,
  inputs: number,
): readonly number[] => [layer.kernel ** 2, isDepthwise(layer) ? 1 : inputs, 1, layer.outputs];
