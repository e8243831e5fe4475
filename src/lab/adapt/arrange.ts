/**
 * Which channels make a field is free: a plain network answers the same whichever of its channels lie beside each other.
 * Taken as they lie, a field's filters have nothing to do with each other, and the mean over the group averages strangers.
 * Here those whose filters are nearest to turned copies of each other are put into one field before anything is trained: then
 * less has to change. Channels that a family's layers share have one order for all (`Family.orders`).
 *
 * Channel c′ takes place g of the field that c begins at the cost ‖W_c′ − g·W_c‖², over all that decides, and over input
 * fields that have been arranged already; greedily, the cheapest first. The optimal choice is a matching of |G| parts, which
 * is hard.
 */
import type { FreeOrder, OrderedPlace, ParamAction } from '../families/family';
import { familyOf } from '../families/registry';
import type { AnyModel, Params } from '../nn/model';
import { takeEntries } from '../prune/units/take';
import { GROUPS, type Group, type GroupName } from '../symmetry/group';
import { actionOn } from './fieldAction';
import { actionsOf, fieldsRefusal } from './penalties/refusals';

/** The model with its channels arranged; as it is where they make no fields, or where nobody knows which orders are free. */
export function arrangeFields(model: AnyModel, name: GroupName): AnyModel {
  const group = GROUPS[name];
  const { orders } = familyOf(model.arch);
  const actions = actionsOf(model.arch);
  if (!orders || 'refusal' in actions || fieldsRefusal(model.arch, group) !== null) return model;
  const actionOf = new Map(actions.map((each) => [each.name, each]));
  let params: Params = model.params;
  for (const free of orders(model.arch))
    params = reordered(params, free, orderOf(params, free, actionOf, group));
  return { ...model, params };
}

/** In which order channels make the best fields. */
function orderOf(
  params: Params,
  { count, places }: FreeOrder,
  actions: ReadonlyMap<string, ParamAction>,
  group: Group,
): number[] {
  const deciding = places.filter(({ decides }) => decides);
  const filters = Array.from({ length: count }, (_, c) =>
    joined(deciding.map((place) => filterAt(params, place, c))),
  );
  // Of the filters alone: the channels are what is looked for.
  const sources = group.elements.map((_, k) =>
    joinedSources(
      deciding.map(({ name, axis }) => {
        const without = <T>(list: readonly T[]): T[] => list.filter((_each, i) => i !== axis);
        return actionOn(without(params[name].shape), without(actions.get(name)!.axes), group, k);
      }),
    ),
  );
  const costs = filters.map((filter) =>
    sources.map((source) => Float64Array.from(filters, (other) => distance(other, filter, source))),
  );
  return greedyFields(costs, group.order);
}

/** The numbers of channel `c` at a place, in the order of the other axes. */
function filterAt(params: Params, { name, axis, from }: OrderedPlace, c: number): Float32Array {
  return takeEntries(params[name], axis, [from + c]).data;
}

function joined(parts: readonly Float32Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((each) => [...each]));
}

/** Sources within each part → sources within all of them, one after the other. */
function joinedSources(parts: readonly Int32Array[]): Int32Array {
  let before = 0;
  return Int32Array.from(
    parts.flatMap((each) => {
      const shifted = Array.from(each, (from) => before + from);
      before += each.length;
      return shifted;
    }),
  );
}

/** Fields one after the other, the cheapest first. costs: [first][element][other]. */
function greedyFields(costs: readonly (readonly Float64Array[])[], order: number): number[] {
  const free = new Set(costs.keys());
  const bestOf = (first: number) => {
    const field = [first];
    let cost = 0;
    for (let k = 1; k < order; k++) {
      const next = nearest(costs[first][k], free, field);
      cost += costs[first][k][next];
      field.push(next);
    }
    return { cost, field };
  };
  const candidates = new Map([...free].map((first) => [first, bestOf(first)]));
  const result: number[] = [];
  while (free.size > 0) {
    const [{ field }] = [...candidates.values()].sort((a, b) => a.cost - b.cost);
    result.push(...field);
    for (const channel of field) {
      free.delete(channel);
      candidates.delete(channel);
    }
    // Whoever wanted none of them still wants the same.
    for (const [first, wanted] of candidates)
      if (wanted.field.some((channel) => !free.has(channel))) candidates.set(first, bestOf(first));
  }
  return result;
}

function nearest(costs: Float64Array, free: ReadonlySet<number>, taken: readonly number[]): number {
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

/** A network's parameters with channels in another order: `order[new]` is the old one. */
export function reordered(params: Params, { count, places }: FreeOrder, order: ArrayLike<number>): Params {
  const moved = places.map(({ name, axis, from }) => {
    const whole = Array.from({ length: params[name].shape[axis] }, (_, i) =>
      i >= from && i < from + count ? from + order[i - from] : i,
    );
    return [name, axis, whole] as const;
  });
  const out: Record<string, Params[string]> = { ...params };
  // One parameter may be met at several places: in the queries and in the keys.
  for (const [name, axis, whole] of moved) out[name] = takeEntries(out[name], axis, whole);
  return out;
}
