/** The parameters of an architecture of whatever family. */
import type { AnyArch } from '../nn/arch';
import type { ParamLayout } from './family';
import { familyOf } from './registry';

/** Every parameter, in a fixed order. Throws `BadInput` where sizes do not work out. */
export function paramLayouts(arch: AnyArch): readonly ParamLayout[] {
  return familyOf(arch).params(arch);
}

/** Every parameter's name and shape, in the same order. */
export function paramShapes(arch: AnyArch): Map<string, readonly number[]> {
  return new Map(paramLayouts(arch).map(({ name, shape }) => [name, shape]));
}
