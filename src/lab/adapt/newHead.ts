/** A network for other classes: its last layer drawn anew, everything else as it is. */
import { initialParams } from '../families/init';
import { paramShapes } from '../families/layout';
import type { AnyArch } from '../nn/arch';
import type { AnyModel, Param } from '../nn/model';

/** The model for `classes`. What is drawn anew are the parameters whose shape depends on their number. */
export function withNewHead(model: AnyModel, classes: readonly string[], seed: number): AnyModel {
  const arch = { ...model.arch, classes: classes.length };
  const last = lastLayerOf(arch);
  const fresh = initialParams(arch, seed);
  const params: Record<string, Param> = {};
  for (const name of paramShapes(arch).keys()) params[name] = (last.has(name) ? fresh : model.params)[name];
  return { ...model, arch, params, classes };
}

/** The parameters of the last layer, by name: those whose shape depends on the number of classes. */
export function lastLayerOf(arch: AnyArch): ReadonlySet<string> {
  const withMore = paramShapes({ ...arch, classes: arch.classes + 1 });
  const last = [...paramShapes(arch)].filter(([name, shape]) => withMore.get(name)!.join() !== shape.join());
  return new Set(last.map(([name]) => name));
}
