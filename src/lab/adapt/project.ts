/**
 * A plain network made exactly equivariant: its parameters become their mean over the group (fieldAction.ts), and what is
 * left of them is a network of group convolutions, smaller by |G| (symmetry/filters.ts read backwards):
 *
 *   W[p, f′, h, f] = P(W)[p, (f′, h), (f, e)]      biases and norms: those of (f, e)
 *   W₁[f, n] = |G| · P(W₁)[(f, e), n]               for the head reads the mean over (f, ·), not each of them
 *
 * Running statistics are averaged, too; after a network that was not equivariant they are best estimated anew.
 */
import { BadInput } from '../errors';
import { gcnn } from '../families/gcnn';
import type { ArchSpec } from '../families/gcnn/arch';
import type { GcnnModel } from '../families/gcnn/model';
import { paramLayouts } from '../families/layout';
import { isOf } from '../families/registry';
import type { AnyArch } from '../nn/arch';
import { type AnyModel, type Param, requireFloat, sizeOf } from '../nn/model';
import { GROUPS, type GroupName } from '../symmetry/group';
import { projectParams } from './fieldAction';
import { actionsOf, fieldsRefusal } from './penalties/refusals';

/** Why a network cannot be projected to one of the lab's own kind, as a sentence; or null. */
export function projectionRefusal(arch: AnyArch, group: GroupName): string | null {
  if (arch.family !== undefined) {
    return (
      `"${arch.id}" is no stack of ordinary convolutions with padding and 2×2 pooling, so there is no equivariant network of ` +
      'the lab’s own kind to project it to: take base or base-small, or stay with the penalty.'
    );
  }
  return fieldsRefusal(arch, GROUPS[group], 'it stays as it is');
}

/** The equivariant network nearest to a plain one. Throws `BadInput` where there is none. */
export function projectModel(model: AnyModel, name: GroupName): GcnnModel {
  requireFloat(model);
  const refusal = projectionRefusal(model.arch, name);
  if (refusal !== null || !isOf(gcnn, model)) throw new BadInput(refusal!);
  const actions = actionsOf(model.arch);
  if ('refusal' in actions) throw new BadInput(actions.refusal);
  const { order } = GROUPS[name];
  const averaged = projectParams(model.params, actions, GROUPS[name]);
  const arch = projectedArch(model.arch, name);
  const params: Record<string, Param> = {};
  for (const { name: param, shape } of paramLayouts(arch)) {
    params[param] = { shape, data: ofFields(averaged[param], shape, param, order) };
  }
  return { ...model, arch, params };
}

function projectedArch(arch: ArchSpec, group: GroupName): ArchSpec {
  const { order } = GROUPS[group];
  return {
    ...arch,
    group,
    blocks: arch.blocks.map((block) => ({ ...block, fields: block.fields / order })),
    head: { ...arch.head, kind: 'averaged' },
  };
}

/** What the smaller network keeps of a parameter of the averaged one. */
function ofFields(
  { data, shape: [...from] }: Param,
  shape: readonly number[],
  name: string,
  order: number,
): Float32Array {
  const out = new Float32Array(sizeOf(shape));
  if (name === 'dense1.weight') {
    const [, hidden] = shape;
    return out.map((_, i) => order * data[Math.floor(i / hidden) * order * hidden + (i % hidden)]);
  }
  // Dense layers behind it read no fields.
  if (from.join() === shape.join()) return data.slice();
  // [.., outputs]: of the last axis the first channel of every field.
  const fields = shape.at(-1)!;
  return out.map((_, i) => data[Math.floor(i / fields) * fields * order + (i % fields) * order]);
}
