/** Windows that go over a map, of convolutions and pools. */
import { Misfit } from './reading';
import type { Attributes } from './values';

/** Stride and padding of windows; throws where they are not the same in both directions and at all sides. */
export function windowOf(
  attributes: Attributes,
  kernel: number,
  size: number,
): { stride: number; padding: number } {
  const [stride, across] = attributes.list('strides') ?? [1, 1];
  if (stride !== across) throw new Misfit(`has strides of ${stride} and ${across}`);
  const auto = attributes.text('auto_pad', 'NOTSET');
  if (auto === 'VALID') return { stride, padding: 0 };
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
    if (total % 2 !== 0) throw new Misfit('has more padding at one side than at the other');
    return { stride, padding: total / 2 };
  }
  const pads = attributes.list('pads') ?? [0, 0, 0, 0];
  if (pads.some((each) => each !== pads[0] || each < 0))
    throw new Misfit(`has paddings of ${pads.join(', ')}, which are not the same at all sides`);
  return { stride, padding: pads[0] };
}
