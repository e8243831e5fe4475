/**
 * Which channels make a field is free: a plain network answers the same whichever of its channels lie beside each other.
 * Taken as they lie, a field's filters have nothing to do with each other, and the mean over the group averages strangers.
 * Here those whose filters are nearest to turned copies of each other are put into one field, layer by layer, before
 * anything is trained: then less has to change.
 *
 * For a layer, channel c′ takes place g of the field that c begins at the cost ‖W_c′ − g·W_c‖², over input fields that have
 * been arranged already; greedily, the cheapest first. The optimal choice is a matching of |G| parts, which is hard.
 */
import { gcnn } from '../families/gcnn';
import type { GcnnModel } from '../families/gcnn/model';
import { isOf } from '../families/registry';
import type { AnyModel, Param } from '../nn/model';
import { normNames } from '../nn/norm';
import { takeEntries } from '../prune/units/take';
import { GROUPS, type Group, type GroupName } from '../symmetry/group';
import { actionOn } from './fieldAction';
import { projectionRefusal } from './project';

/** The model with its channels arranged; as it is where its channels make no fields of its own kind of layers. */
export function arrangeFields(model: AnyModel, name: GroupName): AnyModel {
  if (!isOf(gcnn, model) || projectionRefusal(model.arch, name) !== null) return model;
  let arranged: GcnnModel = model;
  model.arch.blocks.forEach((_, i) => {
    arranged = permuteChannels(
      arranged,
      i,
      orderOf(arranged.params[`conv${i + 1}.weight`], i === 0, GROUPS[name]),
    );
  });
  return arranged;
}

/** In which order the channels that a filter leaves make the best fields. weight: [k², in, 1, out]. */
function orderOf({ shape, data }: Param, isFirst: boolean, group: Group): number[] {
  const [kernel, inputs, , outputs] = shape;
  const { order } = group;
  const length = kernel * inputs;
  const filters = Array.from({ length: outputs }, (_, c) =>
    Float64Array.from({ length }, (_, i) => data[i * outputs + c]),
  );
  // Of the filters alone: the outputs are what is looked for.
  const sources = group.elements.map((_, k) =>
    actionOn([kernel, inputs], ['kernel', isFirst ? 'fixed' : 'fields'], group, k),
  );
  const costs = filters.map((filter) =>
    sources.map((source) => filters.map((other) => distance(other, filter, source))),
  );
  const free = new Set(filters.keys());
  const result: number[] = [];
  while (free.size > 0) {
    let best: { cost: number; field: number[] } | null = null;
    for (const first of free) {
      const field = [first];
      let cost = 0;
      for (let k = 1; k < order; k++) {
        const next = nearest(costs[first][k], free, field);
        cost += costs[first][k][next];
        field.push(next);
      }
      if (!best || cost < best.cost) best = { cost, field };
    }
    for (const channel of best!.field) free.delete(channel);
    result.push(...best!.field);
  }
  return result;
}

function nearest(costs: readonly number[], free: ReadonlySet<number>, taken: readonly number[]): number {
  let best = -1;
  for (const c of free) if (!taken.includes(c) && (best < 0 || costs[c] < costs[best])) best = c;
  return best;
}

/** ‖other − g·filter‖². */
function distance(other: Float64Array, filter: Float64Array, source: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < other.length; i++) sum += (other[i] - filter[source[i]]) ** 2;
  return sum;
}

/** The same network with the channels of block `i` in another order: `order[new]` is the old one. */
function permuteChannels(model: GcnnModel, i: number, order: readonly number[]): GcnnModel {
  const params: Record<string, Param> = { ...model.params };
  const last = i + 1 === model.arch.blocks.length;
  const take = (name: string, axis: number) => {
    params[name] = takeEntries(params[name], axis, order);
  };
  take(`conv${i + 1}.weight`, 3);
  for (const name of [`conv${i + 1}.bias`, ...Object.values(normNames(`norm${i + 1}`))]) take(name, 0);
  if (last) take('dense1.weight', 0);
  else take(`conv${i + 2}.weight`, 1);
  return { ...model, params };
}
