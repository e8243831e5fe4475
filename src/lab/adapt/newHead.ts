/** A network for other classes: its last layer drawn anew, everything else as it is. */
import { initialParams } from '../families/init';
import { paramShapes } from '../families/layout';
import type { AnyModel, Param } from '../nn/model';

/** The model for `classes`. What is drawn anew are the parameters whose shape depends on their number. */
export function withNewHead(model: AnyModel, classes: readonly string[], seed: number): AnyModel {
  const arch = { ...model.arch, classes: classes.length };
  const here = paramShapes(arch);
  const withMore = paramShapes({ ...arch, classes: classes.length + 1 });
  const fresh = initialParams(arch, seed);
  const params: Record<string, Param> = {};
  for (const [name, shape] of here) {
    params[name] = withMore.get(name)!.join() === shape.join() ? model.params[name] : fresh[name];
  }
  return { ...model, arch, params, classes };
}
